// SPDX-License-Identifier: Apache-2.0
#include "planner/output/deployment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "planner/output/helm_values.h"
#include "planner/output/vllm_launch.h"
#include "sim/scenario/epp_config.h"

namespace kvsim::planner {
namespace {

// A name of a file: what is no letter, digit, dot or dash becomes a dash.
std::string file_name(const std::string& name) {
  std::string safe = name;
  std::replace_if(
      safe.begin(), safe.end(),
      [](unsigned char letter) { return std::isalnum(letter) == 0 && letter != '.' && letter != '-'; }, '-');
  return safe.find_first_not_of('.') == std::string::npos ? "-" : safe;
}

std::string quoted(const std::string& word) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=./:,";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string safe = "'";
  for (const char letter : word) letter == '\'' ? safe += "'\\''" : safe += letter;
  return safe + '\'';
}

std::string script(const sim::Pool& pool, const VllmLaunch& launch) {
  std::vector<std::string> words{"vllm serve " + quoted(launch.model)};
  if (pool.tp > 1) words.push_back(fmt::format("--tensor-parallel-size={}", pool.tp));
  for (const std::string& flag : launch.flags) words.push_back(quoted(flag));
  std::string text = "#!/bin/sh\n" + deployment_comment(pool, launch);
  if (!launch.hash_seed.empty()) text += fmt::format("export PYTHONHASHSEED={}\n", launch.hash_seed);
  return text + join(words, " \\\n  ") + '\n';
}

std::string picker(const sim::RouterSettings& router, const std::string& model) {
  return fmt::format("# Endpoint picker for {}, with every default.\n", shortened(model)) +
         sim::epp_yaml(*router.epp, "");
}

}  // namespace

std::vector<DeploymentFile> deployment_files(const sim::Fleet& fleet) {
  std::vector<DeploymentFile> helm, vllm, epp;
  for (const sim::Pool& pool : fleet.pools) {
    const VllmLaunch launch = vllm_launch(pool, fleet.storage);
    helm.push_back({fmt::format("helm/{}.values.yaml", file_name(pool.name)), helm_values(pool, launch)});
    vllm.push_back({fmt::format("vllm/{}.sh", file_name(pool.name)), script(pool, launch)});
    const std::string path = fmt::format("epp/{}.yaml", file_name(pool.model.name));
    const bool is_new =
        std::none_of(epp.begin(), epp.end(), [&](const DeploymentFile& file) { return file.path == path; });
    if (fleet.router.epp && is_new) epp.push_back({path, picker(fleet.router, pool.model.name)});
  }
  for (std::vector<DeploymentFile>* files : {&vllm, &epp})
    std::move(files->begin(), files->end(), std::back_inserter(helm));
  return helm;
}

}  // namespace kvsim::planner
