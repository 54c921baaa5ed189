// SPDX-License-Identifier: Apache-2.0
#include "sim/routing/precise_tree.h"

#include <algorithm>

namespace kvsim::sim {
namespace {

// Takes [begin, end) out of what is claimed up to `until`.
void cut_out(std::vector<ClaimedBlocks>& claimed, const BlockClaim& claim, std::uint64_t begin,
             std::uint64_t end, Nanoseconds until) {
  for (std::size_t i = 0; i < claimed.size(); ++i) {
    ClaimedBlocks& blocks = claimed[i];
    if (!(blocks.claim == claim) || blocks.until > until || blocks.end <= begin || end <= blocks.begin)
      continue;
    ClaimedBlocks behind = blocks;
    behind.begin = end;
    blocks.end = std::max(begin, blocks.begin);
    const auto place = claimed.begin() + static_cast<std::ptrdiff_t>(i);
    const bool keeps_beginning = blocks.begin < blocks.end, keeps_end = behind.begin < behind.end;
    if (keeps_beginning && keeps_end)
      claimed.insert(place + 1, behind);
    else if (keeps_end)
      *place = behind;
    else if (!keeps_beginning)
      claimed.erase(place), --i;
  }
}

}  // namespace

void PreciseTree::store(const BlockClaim& claim, std::uint64_t salt, const std::vector<Piece>& content,
                        std::uint64_t begin, std::uint64_t end, Nanoseconds until) {
  ContentCursor at(content);
  PreciseNode* node = nullptr;
  for (std::uint64_t done = 0; done < end;) {
    std::uint64_t stop = 0;
    node = next_on_path(node, salt, at, done, end - done, stop);
    if (begin < stop) this->claim(*node, {claim, std::max(begin, done), stop, until});
    done = stop;
  }
}

// The node that holds the next blocks of the content, up to block `stop`.
PreciseNode* PreciseTree::next_on_path(PreciseNode* node, std::uint64_t salt, ContentCursor& at,
                                       std::uint64_t done, std::uint64_t blocks, std::uint64_t& stop) {
  stop = done + blocks;
  PreciseNode* child = tree_.find_child(node, salt, at);
  if (!child && node && node->children == 0) {
    tree_.extend(*node, at, blocks);
    return node;
  }
  if (!child) return tree_.add_child(node, salt, at, blocks);
  const std::uint64_t common = tree_.common_blocks(*child, done, at, blocks);
  skip(at, common * block_tokens_);
  stop = done + common;
  return common < blocks && stop < child->end ? end_node(*child, stop) : child;
}

// A node that ends at `block`, where the given one goes on with other content.
PreciseNode* PreciseTree::end_node(PreciseNode& node, std::uint64_t block) {
  const auto reaches_beyond = [block](const ClaimedBlocks& blocks) { return blocks.end > block; };
  if (node.children == 0 && std::none_of(node.claimed.begin(), node.claimed.end(), reaches_beyond)) {
    tree_.truncate(node, block);
    return &node;
  }
  PreciseNode* head = tree_.split(node, block);
  for (const ClaimedBlocks& blocks : node.claimed) {
    if (blocks.begin >= block) continue;
    head->claimed.push_back(blocks);
    head->claimed.back().end = std::min(blocks.end, block);
  }
  std::erase_if(node.claimed, [block](const ClaimedBlocks& blocks) { return blocks.end <= block; });
  for (ClaimedBlocks& blocks : node.claimed) blocks.begin = std::max(blocks.begin, block);
  return head;
}

void PreciseTree::claim(PreciseNode& node, ClaimedBlocks blocks) {
  std::vector<ClaimedBlocks>& claimed = node.claimed;
  cut_out(claimed, blocks.claim, blocks.begin, blocks.end, kNever);
  for (std::size_t i = 0, others = claimed.size(); i < others;) {
    const ClaimedBlocks own = claimed[i];
    if (!(own.claim == blocks.claim)) {
      ++i;
      continue;
    }
    claimed.erase(claimed.begin() + static_cast<std::ptrdiff_t>(i));
    --others;
    const bool touches = own.until == blocks.until && (own.end == blocks.begin || blocks.end == own.begin);
    if (touches)
      blocks.begin = std::min(blocks.begin, own.begin), blocks.end = std::max(blocks.end, own.end);
    else
      claimed.push_back(own);
  }
  claimed.push_back(blocks);
  if (claimed.size() > claims_per_node_) keep_newest(node);
}

void PreciseTree::keep_newest(PreciseNode& node) const {
  std::vector<ClaimedBlocks>& claimed = node.claimed;
  std::size_t claims = 0, oldest = claimed.size();
  while (oldest > 0) {
    if (oldest == claimed.size() || !(claimed[oldest - 1].claim == claimed[oldest].claim)) ++claims;
    if (claims > claims_per_node_) break;
    --oldest;
  }
  claimed.erase(claimed.begin(), claimed.begin() + static_cast<std::ptrdiff_t>(oldest));
}

void PreciseTree::remove(const BlockClaim& claim, std::uint64_t salt, const std::vector<Piece>& content,
                         std::uint64_t begin, std::uint64_t end, Nanoseconds until) {
  PreciseNode* last = nullptr;
  tree_.walk(salt, ContentCursor(content), end, [&](PreciseNode& node, std::uint64_t stop) {
    last = &node;
    if (begin < stop) cut_out(node.claimed, claim, std::max(begin, node.begin), stop, until);
    return true;
  });
  prune(last);
}

void PreciseTree::forget(EndpointId endpoint) {
  std::vector<PreciseNode*> leaves;
  tree_.visit([&](PreciseNode& node) {
    std::erase_if(node.claimed,
                  [=](const ClaimedBlocks& blocks) { return blocks.claim.endpoint == endpoint; });
    if (node.claimed.empty() && node.children == 0) leaves.push_back(&node);
  });
  for (PreciseNode* leaf : leaves) prune(leaf);
}

void PreciseTree::prune(PreciseNode* node) {
  while (node && node->claimed.empty() && node->children == 0) {
    PreciseNode* parent = node->parent;
    tree_.drop(*node);
    node = parent;
  }
}

}  // namespace kvsim::sim
