// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/approximate_tree.h"

#include <algorithm>

namespace kvsim::sim {
namespace {

std::vector<Holder>::iterator place_of(EndpointId endpoint, std::vector<Holder>& holders) {
  return std::lower_bound(holders.begin(), holders.end(), endpoint,
                          [](const Holder& holder, EndpointId wanted) { return holder.endpoint < wanted; });
}

}  // namespace

void ApproximateTree::use(EndpointId endpoint, std::uint64_t salt, const std::vector<Piece>& content,
                          std::uint64_t blocks) {
  ContentCursor at(content);
  ApproximateNode* node = nullptr;
  for (std::uint64_t done = 0; done < blocks; done = node->end) {
    node = next_on_path(node, salt, at, blocks - done);
    hold(endpoint, *node);
  }
  keep_newest(endpoint, lists_[endpoint].capacity);
}

void ApproximateTree::keep_newest(EndpointId endpoint, std::uint64_t blocks) {
  while (lists_[endpoint].blocks > blocks) forget_oldest(endpoint, lists_[endpoint].blocks - blocks);
}

// The node that follows, cut or made so that it ends within the next `blocks` blocks of the content.
ApproximateNode* ApproximateTree::next_on_path(ApproximateNode* node, std::uint64_t salt, ContentCursor& at,
                                               std::uint64_t blocks) {
  ApproximateNode* child = tree_.find_child(node, salt, at);
  if (!child) return tree_.add_child(node, salt, at, blocks);
  const std::uint64_t common = tree_.common_blocks(*child, child->begin, at, blocks);
  skip(at, common * block_tokens_);
  return common < child->blocks() ? split(*child, child->begin + common) : child;
}

ApproximateNode* ApproximateTree::split(ApproximateNode& node, std::uint64_t block) {
  ApproximateNode* head = tree_.split(node, block);
  const auto blocks = static_cast<std::uint32_t>(head->blocks());
  head->whole = node.whole;
  node.whole = 0;
  for (Holder& holder : node.holders) {
    if (holder.lost < blocks) {
      Holding* first = holdings_.make();
      *first = {.node = head};
      lists_[holder.endpoint].holdings.insert_before(*holder.holding, *first);
      head->holders.push_back({holder.endpoint, holder.lost, first});
    }
    holder.lost -= std::min(holder.lost, blocks);
    if (holder.lost == 0) ++node.whole;
  }
  return head;
}

void ApproximateTree::hold(EndpointId endpoint, ApproximateNode& node) {
  List& list = lists_[endpoint];
  auto holder = place_of(endpoint, node.holders);
  if (holder == node.holders.end() || holder->endpoint != endpoint) {
    Holding* holding = holdings_.make();
    *holding = {.node = &node};
    node.holders.insert(holder, {endpoint, 0, holding});
    ++node.whole;
    list.blocks += node.blocks();
    list.holdings.push_back(*holding);
    return;
  }
  if (holder->lost > 0) ++node.whole;
  list.blocks += holder->lost;
  holder->lost = 0;
  list.holdings.remove(*holder->holding);
  list.holdings.push_back(*holder->holding);
}

// Blocks of the oldest stretch, `most_blocks` at most.
void ApproximateTree::forget_oldest(EndpointId endpoint, std::uint64_t most_blocks) {
  List& list = lists_[endpoint];
  ApproximateNode& node = *list.holdings.front()->node;
  const auto holder = place_of(endpoint, node.holders);
  const std::uint64_t held = node.blocks() - holder->lost;
  const std::uint64_t gone = std::min(held, most_blocks);
  list.blocks -= gone;
  if (holder->lost == 0) --node.whole;
  holder->lost += static_cast<std::uint32_t>(gone);
  if (gone == held) remove(node, holder);
}

void ApproximateTree::remove(ApproximateNode& node, std::vector<Holder>::iterator holder) {
  lists_[holder->endpoint].holdings.remove(*holder->holding);
  holdings_.recycle(holder->holding);
  node.holders.erase(holder);
  for (ApproximateNode* unused = &node; unused && unused->holders.empty() && unused->children == 0;) {
    ApproximateNode* parent = unused->parent;
    tree_.drop(*unused);
    unused = parent;
  }
}

}  // namespace kvsim::sim
