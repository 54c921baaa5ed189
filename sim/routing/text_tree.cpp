// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/text_tree.h"

#include <algorithm>
#include <queue>
#include <utility>

#include "sim/kv/prefix_cache_content.h"

namespace kvsim::sim {

namespace {

template <class Holders>
auto place_of(Holders& holders, EndpointId endpoint) {
  return std::lower_bound(holders.begin(), holders.end(), endpoint,
                          [](const auto& holder, EndpointId wanted) { return holder.endpoint < wanted; });
}

}  // namespace

const TextTree::Holder* TextTree::Node::find(EndpointId endpoint) const {
  const auto place = place_of(holders, endpoint);
  return place != holders.end() && place->endpoint == endpoint ? &*place : nullptr;
}

const TextTree::Holder* TextTree::Node::latest_of(const EndpointIds& candidates) const {
  const auto is_candidate = [&](EndpointId endpoint) {
    return std::binary_search(candidates.begin(), candidates.end(), endpoint);
  };
  if (const Holder* last = find(latest); last != nullptr && is_candidate(latest)) return last;
  const Holder* best = nullptr;
  for (const Holder& holder : holders)
    if (is_candidate(holder.endpoint) && (best == nullptr || holder.used > best->used)) best = &holder;
  return best;
}

bool TextTree::Node::is_leaf_of(EndpointId endpoint) const {
  return std::none_of(below.begin(), below.end(),
                      [&](const auto& child) { return child.second->find(endpoint) != nullptr; });
}

TextTree::Match TextTree::match(std::uint64_t salt, const std::vector<traces::Piece>& prompt,
                                const EndpointIds& candidates) const {
  Match match;
  ContentCursor at(prompt);
  const Node* node = &root_;
  for (std::uint64_t own = salt; at.available() > 0; own = 0) {
    const auto child = node->below.find({own, at.piece->stream, at.position()});
    if (child == node->below.end()) break;
    node = child->second.get();
    const Holder* holder = node->latest_of(candidates);
    if (holder == nullptr) break;
    const std::uint64_t common = common_tokens(at, ContentCursor(node->content), node->tokens);
    match.tokens += common;
    match.endpoint = holder->endpoint;
    if (common < node->tokens) break;
    skip(at, common);
  }
  return match;
}

void TextTree::insert(EndpointId endpoint, std::uint64_t salt, const std::vector<traces::Piece>& prompt) {
  ++turn_;
  ContentCursor at(prompt);
  std::uint64_t left = traces::total_tokens(prompt);
  Node* node = &root_;
  for (std::uint64_t own = salt; left > 0; own = 0) {
    at.available();
    const Key key{own, at.piece->stream, at.position()};
    std::unique_ptr<Node>& child = node->below[key];
    if (child == nullptr) {
      child = std::make_unique<Node>();
      child->above = node;
      child->key = key;
      child->tokens = left;
      copy_tokens(at, left, child->content);
    } else {
      const std::uint64_t common = common_tokens(at, ContentCursor(child->content), child->tokens);
      if (common < child->tokens) cut(*child, common);
      skip(at, common);
    }
    node = child.get();
    left -= node->tokens;
    use(*node, endpoint);
  }
}

// The end of the node becomes a node below it.
void TextTree::cut(Node& node, std::uint64_t tokens) {
  auto rest = std::make_unique<Node>();
  ContentCursor at(node.content);
  skip(at, tokens);
  at.available();
  rest->key = {0, at.piece->stream, at.position()};
  rest->tokens = node.tokens - tokens;
  copy_tokens(at, rest->tokens, rest->content);
  rest->below = std::move(node.below);
  for (auto& [key, child] : rest->below) child->above = rest.get();
  rest->above = &node;
  rest->holders = node.holders;
  rest->latest = node.latest;
  node.content = traces::first_tokens(node.content, tokens);
  node.tokens = tokens;
  node.below.clear();
  const Key key = rest->key;
  node.below.emplace(key, std::move(rest));
}

void TextTree::use(Node& node, EndpointId endpoint) {
  node.latest = endpoint;
  const auto place = place_of(node.holders, endpoint);
  if (place != node.holders.end() && place->endpoint == endpoint) {
    place->used = turn_;
    return;
  }
  node.holders.insert(place, {endpoint, turn_});
  tokens_[endpoint] += node.tokens;
}

void TextTree::evict(std::uint64_t max_tokens) {
  for (EndpointId endpoint = 0; endpoint < tokens_.size(); ++endpoint)
    if (tokens_[endpoint] > max_tokens) evict(endpoint, max_tokens);
}

void TextTree::evict(EndpointId endpoint, std::uint64_t max_tokens) {
  std::vector<Node*> leaves;
  collect_leaves(root_, endpoint, leaves);
  using Entry = std::pair<std::pair<std::uint64_t, std::uint64_t>, Node*>;  // last use; place of discovery
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> oldest;
  std::uint64_t found = 0;
  for (Node* leaf : leaves) oldest.push({{leaf->find(endpoint)->used, ++found}, leaf});
  while (tokens_[endpoint] > max_tokens && !oldest.empty()) {
    Node* leaf = oldest.top().second;
    oldest.pop();
    Node* above = leaf->above;
    forget(*leaf, endpoint);
    if (above != &root_ && above->is_leaf_of(endpoint))
      oldest.push({{above->find(endpoint)->used, ++found}, above});
  }
}

void TextTree::collect_leaves(Node& node, EndpointId endpoint, std::vector<Node*>& leaves) {
  std::vector<Node*> open{&node};
  while (!open.empty()) {
    Node* next = open.back();
    open.pop_back();
    const std::size_t before = open.size();
    for (auto& [key, child] : next->below)
      if (child->find(endpoint) != nullptr) open.push_back(child.get());
    if (open.size() == before && next != &node) leaves.push_back(next);
  }
}

void TextTree::forget(Node& node, EndpointId endpoint) {
  node.holders.erase(place_of(node.holders, endpoint));
  tokens_[endpoint] -= node.tokens;
  if (node.holders.empty()) node.above->below.erase(Key(node.key));
}

}  // namespace kvsim::sim
