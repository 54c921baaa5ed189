// SPDX-License-Identifier: Apache-2.0
#include "planner/output/write_plan.h"

#include <filesystem>
#include <system_error>

#include "base/files.h"
#include "planner/output/deployment.h"
#include "planner/output/plan_csv.h"
#include "planner/output/plan_html.h"
#include "planner/output/plan_json.h"

namespace kvsim::planner {
namespace {

namespace fs = std::filesystem;

constexpr std::pair<const char*, const char*> kDeployment[] = {
    {"helm", ".values.yaml"}, {"vllm", ".sh"}, {"epp", ".yaml"}};

void remove_files(const fs::path& folder, const std::string& ending) {
  std::error_code ignored;
  std::vector<fs::path> old;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored))
    if (entry.path().filename().string().ends_with(ending)) old.push_back(entry.path());
  for (const fs::path& path : old) fs::remove(path, ignored);
  fs::remove(folder, ignored);  // where nothing else lies there
}

// What not every plan has, and plan.json, which says that all is there.
void remove_earlier(const fs::path& folder) {
  std::error_code ignored;
  for (const char* file : {"plan.json", "fleet.yaml"}) fs::remove(folder / file, ignored);
  for (const auto& [name, ending] : kDeployment) remove_files(folder / name, ending);
}

class PlanFolder {
 public:
  explicit PlanFolder(std::string folder) : folder_(std::move(folder)) {}

  template <class Content>
  void write(const std::string& name, const Content& content) {
    written_.push_back(folder_ + '/' + name);
    write_file(written_.back(), content);
  }
  std::vector<std::string> take() { return std::move(written_); }

 private:
  std::string folder_;
  std::vector<std::string> written_;
};

}  // namespace

std::vector<std::string> write_plan(const std::string& folder, const Plan& plan, const WhatIf& what_if) {
  using Out = std::ostream&;
  remove_earlier(folder);
  PlanFolder files(folder);
  if (!plan.fleet_yaml.empty()) files.write("fleet.yaml", std::string_view(plan.fleet_yaml));
  if (plan.fleet)
    for (const DeploymentFile& file : deployment_files(*plan.fleet))
      files.write(file.path, std::string_view(file.text));
  files.write("bill_of_materials.csv", [&](Out out) { write_bill_csv(out, plan); });
  files.write("cash_flow.csv", [&](Out out) { write_cash_flow_csv(out, plan); });
  files.write("cost_per_tenant.csv", [&](Out out) { write_tenants_csv(out, plan); });
  files.write("rejected.csv", [&](Out out) { write_rejected_csv(out, plan); });
  files.write("evaluated.csv", [&](Out out) { write_evaluated_csv(out, plan); });
  files.write("plan.html", [&](Out out) { write_plan_html(out, plan, what_if); });
  files.write("plan.json", [&](Out out) { write_plan_json(out, plan, what_if); });
  return files.take();
}

}  // namespace kvsim::planner
