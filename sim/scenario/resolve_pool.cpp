// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/resolve_pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "hardware-catalog/named.h"
#include "models/step_time_factory.h"
#include "sim/scenario/find_named.h"
#include "sim/scenario/resolve_engine.h"
#include "sim/scenario/resolve_memory.h"
#include "sim/scenario/resolve_tiers.h"
#include "sim/scenario/resolve_types.h"

namespace kvsim::sim {
namespace {

constexpr std::uint32_t kLargestAdvisedTp = 64;
constexpr std::uint32_t kUsualAccelerators = 8;  // of one server

bool is_file_name(const std::string& text, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return text.ends_with(ending); });
}

models::ProfileLibrary priors_of(const models::ProfileLibrary& library) {
  std::vector<models::PerformanceProfile> priors = library.profiles();
  std::erase_if(priors, [](const models::PerformanceProfile& profile) { return !profile.prior; });
  return models::ProfileLibrary(std::move(priors));
}

class PoolResolver {
 public:
  PoolResolver(const PoolSpec& spec, FleetContext& context) : spec_(spec), context_(context) {}

  std::optional<Pool> resolve() {
    const std::optional<NamedModel> model = find_model();
    const Accelerator* accelerator = find_accelerator();
    find_site();
    if (!model || accelerator == nullptr) return {};
    pool_.model = model->card;
    pool_.model_config = model->config;
    pool_.accelerator = *accelerator;
    fill_plain_settings();
    if (!check_tp()) return {};
    fill_replicas_per_server();
    const std::size_t before = context_.problems.all().size();
    pool_.engine =
        resolve_engine(spec_, pool_.name, pool_.model, *accelerator, context_.problems, context_.validity);
    pool_.types = resolve_types(spec_, pool_.model, *accelerator, context_.problems);
    if (context_.problems.all().size() == before) add_step_time();
    return std::move(pool_);
  }

 private:
  void problem(const Setting<std::string>& setting, std::string message, std::string remedy) {
    context_.problems.add(setting.place.where, setting.place.path, std::move(message), std::move(remedy));
  }

  std::optional<NamedModel> find_model() {
    const Setting<std::string>& given = spec_.model;
    if (!given.given()) {
      context_.problems.add(
          spec_.place.where, spec_.place.path, "no model",
          "add `model:` with a name (`kvsim catalog list models`) or the path of a config.json");
      return {};
    }
    const auto declared = context_.models.find(*given);
    if (declared != context_.models.end()) return declared->second;
    if (const models::ModelCard* card = context_.inputs.models.find(*given)) return NamedModel{*card, ""};
    if (is_file_name(*given, {".json"})) {
      const std::string path = context_.path_of(*given);
      const std::string folder = std::filesystem::path(path).parent_path().filename().string();
      auto card = read_model_config(path, folder.empty() ? "model" : folder, context_.problems);
      if (!card) return {};
      return NamedModel{*card, path};
    }
    std::vector<std::string> names = context_.inputs.models.names();
    for (const auto& [name, unused] : context_.models) names.push_back(name);
    problem(given, fmt::format("unknown model '{}'", *given),
            valid_names_remedy(*given, names) + "; or give the path of its Hugging Face config.json");
    return {};
  }

  const Accelerator* find_accelerator() {
    const Server* server = find_server();
    const bool by_server = server != nullptr;
    if (!by_server && !spec_.accelerator.given()) {
      context_.problems.add(spec_.place.where, spec_.place.path, "no accelerator",
                            "add `accelerator:` (`kvsim catalog list` names them) or `server:`");
      return nullptr;
    }
    const Catalog& catalog = context_.inputs.catalog;
    const Accelerator* named = spec_.accelerator.given() ? catalog.find(*spec_.accelerator) : nullptr;
    if (spec_.accelerator.given() && named == nullptr) {
      problem(spec_.accelerator, fmt::format("unknown accelerator '{}'", *spec_.accelerator),
              valid_names_remedy(*spec_.accelerator, catalog.names()));
    }
    if (!by_server) return named;
    const Accelerator* of_server = catalog.find(server->accelerator);
    if (named != nullptr && named != of_server) {
      problem(spec_.accelerator,
              fmt::format("says {}, but server {} has {}", named->name, server->name, server->accelerator),
              "keep only `server:`");
    }
    return of_server;
  }

  const Server* find_server() {
    if (!spec_.server.given()) return nullptr;
    const Server* server = context_.server(*spec_.server);
    if (server == nullptr) {
      problem(spec_.server, fmt::format("unknown server '{}'", *spec_.server),
              context_.servers.empty() ? "declare it under `servers`"
                                       : valid_names_remedy(*spec_.server, names_of(context_.servers)));
      return nullptr;
    }
    pool_.server = server->name;
    largest_tp_ = server->accelerators;
    return server;
  }

  void find_site() {
    const std::vector<Site>& sites = context_.sites;
    if (spec_.site.given() && find_named(sites, *spec_.site) == nullptr) {
      problem(spec_.site, fmt::format("unknown site '{}'", *spec_.site),
              valid_names_remedy(*spec_.site, names_of(sites)));
    } else if (!spec_.site.given() && sites.size() > 1) {
      context_.problems.add(spec_.place.where, spec_.place.path, "no site, and the fleet has several",
                            valid_names_remedy("", names_of(sites)));
    } else {
      pool_.site = spec_.site.given() ? *spec_.site : sites.front().name;
    }
  }

  void fill_plain_settings() {
    pool_.name = spec_.name.value_or(lower(pool_.accelerator.name));
    pool_.role = pool_role(spec_.role.value_or("both"));
    pool_.replicas = static_cast<std::uint32_t>(spec_.replicas.value_or(1));
    pool_.tp = static_cast<std::uint32_t>(spec_.tp.value_or(1));
    pool_.labels = spec_.labels.value_or({});
    fill_routing();
    pool_.enforce_eager = spec_.engine.enforce_eager.value_or(false);
    pool_.served_model_name = spec_.engine.served_model_name.value_or("");
    if (!pool_.served_model_name.empty()) pool_.model.aliases.push_back(pool_.served_model_name);
    pool_.accelerator_price_per_hour = spec_.accelerator_price_per_hour.value;
    const Price* price = context_.inputs.catalog.price(pool_.accelerator.name);
    if (pool_.accelerator_price_per_hour || price == nullptr || !price->rent_per_hour) return;
    if (price->currency == context_.currency) {
      pool_.accelerator_price_per_hour = price->rent_per_hour->value;
    } else {
      note("price", fmt::format("the catalog's price is in {}, the fleet counts in {}", price->currency,
                                context_.currency));
    }
  }

  void fill_routing() {
    pool_.capacity_weight = spec_.capacity_weight.value_or(1);
    pool_.startup_seconds = spec_.startup_seconds.value_or(pool_.startup_seconds);
    if (!spec_.dedicated_to.given()) return;
    pool_.dedicated_to = *spec_.dedicated_to;
    if (find_named(context_.tenants, pool_.dedicated_to) != nullptr) return;
    problem(spec_.dedicated_to, fmt::format("unknown tenant '{}'", pool_.dedicated_to),
            context_.tenants.empty() ? "declare it under `tenants`"
                                     : valid_names_remedy(pool_.dedicated_to, names_of(context_.tenants)));
  }

  bool check_tp() {
    const Place& place = spec_.tp.given() ? spec_.tp.place : spec_.place;
    if (!models::tp_divides(pool_.model, pool_.tp)) {
      std::vector<std::string> dividing;
      for (std::uint32_t tp = 1; tp <= kLargestAdvisedTp; ++tp) {
        if (models::tp_divides(pool_.model, tp)) dividing.push_back(fmt::format("{}", tp));
      }
      context_.problems.add(place.where, place.path,
                            fmt::format("tp {} does not divide the {} heads of {}", pool_.tp,
                                        pool_.model.heads, pool_.model.name),
                            "use one of: " + join(dividing, ", "));
      return false;
    }
    if (largest_tp_ > 0 && pool_.tp > largest_tp_) {
      context_.problems.add(place.where, place.path,
                            fmt::format("tp {} is more than the {} accelerators of server {}", pool_.tp,
                                        largest_tp_, pool_.server),
                            fmt::format("use tp up to {}", largest_tp_));
      return false;
    }
    const auto domain = static_cast<std::uint32_t>(std::max(1, pool_.accelerator.interconnect_domain));
    if (largest_tp_ == 0) largest_tp_ = std::max(domain, pool_.tp);
    return true;
  }

  void add_step_time() {
    try {
      std::optional<models::ProfileLibrary> priors;
      if (spec_.profile.value_or("") == "prior") priors = priors_of(context_.inputs.profiles);
      models::StepTimeInput input{.card = pool_.model,
                                  .accelerator = pool_.accelerator,
                                  .types = pool_.types,
                                  .tp = pool_.tp,
                                  .engine_version = pool_.engine.version,
                                  .async_scheduling = pool_.engine.async_scheduling,
                                  .cuda_graphs = !pool_.enforce_eager,
                                  .max_num_seqs = pool_.engine.max_num_seqs,
                                  .profile = chosen_profile(),
                                  .library = priors ? &*priors : &context_.inputs.profiles};
      if (spec_.step_table.given()) input.table = pool_.step_table = context_.path_of(*spec_.step_table);
      take_step_time(models::make_step_time(input));
    } catch (const InputError& error) {
      add_problems(error, spec_.place, context_.problems);
    }
  }

  std::optional<models::PerformanceProfile> chosen_profile() {
    if (!spec_.profile.given()) return {};
    const models::ProfileLibrary& library = context_.inputs.profiles;
    const std::string& name = *spec_.profile;
    pool_.profile_given = name;
    if (name == "prior") return {};
    if (is_file_name(name, {".yaml", ".yml"})) {
      pool_.profile_given = context_.path_of(name);
      const models::PerformanceProfile profile = models::read_profile(load_yaml(pool_.profile_given));
      return context_.inputs.draw ? models::draw_profile(profile, *context_.inputs.draw) : profile;
    }
    if (const models::PerformanceProfile* profile = library.find(name)) return *profile;
    std::vector<std::string> names = library.names();
    names.emplace_back("prior");
    problem(spec_.profile, fmt::format("unknown profile '{}'", name), valid_names_remedy(name, names));
    return {};
  }

  void take_step_time(const models::StepTimeResult& result) {
    pool_.step_time = result.model;
    pool_.profile = result.profile;
    pool_.step_time_facts = result.facts;
    fill_frontend(result.frontend_seconds);
    for (const auto& [what, reason] : result.notes) note(what, reason);
    resolve_memory(spec_, result, largest_tp_, pool_, context_.problems, context_.validity);
    resolve_tiers(spec_, context_, pool_);
  }

  void fill_frontend(double usual_seconds) {
    const FrontendSpec& given = spec_.frontend;
    Frontend& frontend = pool_.frontend;
    if (given.seconds.given() && spec_.frontend_seconds.given()) {
      context_.problems.add(given.seconds.place.where, given.seconds.place.path,
                            "frontend_seconds says the same", "keep one of them");
    }
    frontend.seconds = given.seconds.value_or(spec_.frontend_seconds.value_or(usual_seconds));
    frontend.serial_seconds_per_token = given.serial_seconds_per_token.value_or(0);
    frontend.seconds_per_token = given.seconds_per_token.value_or(frontend.serial_seconds_per_token);
    frontend.processes = static_cast<std::uint32_t>(given.processes.value_or(1));
    if (frontend.serial_seconds_per_token <= frontend.seconds_per_token) return;
    const Place& place = given.serial_seconds_per_token.place;
    context_.problems.add(
        place.where, place.path,
        fmt::format("{} s are more than all of seconds_per_token ({} s), of which they are part",
                    frontend.serial_seconds_per_token, frontend.seconds_per_token),
        "give at most seconds_per_token");
  }

  // Without a server its accelerators are those of a fast interconnect, up to the usual box of 8.
  void fill_replicas_per_server() {
    const auto domain = static_cast<std::uint32_t>(std::max(1, pool_.accelerator.interconnect_domain));
    const Server* server = context_.server(pool_.server);
    const std::uint32_t accelerators = server != nullptr ? server->accelerators
                                       : domain > 1      ? std::min(domain, kUsualAccelerators)
                                                         : kUsualAccelerators;
    pool_.replicas_per_server = std::max<std::uint32_t>(1, accelerators / pool_.tp);
  }

  void note(const std::string& what, const std::string& reason) { context_.note(pool_, what, reason); }

  const PoolSpec& spec_;
  FleetContext& context_;
  Pool pool_;
  std::uint32_t largest_tp_ = 0;  // by the server, else by the interconnect
};

}  // namespace

void FleetContext::problem(const Place& place, const PoolSpec& pool, const std::string& key,
                           std::string message, std::string remedy) {
  const bool placed = !place.path.empty();
  problems.add(placed ? place.where : pool.place.where,
               placed ? place.path : inner_path(pool.place.path, key), std::move(message), std::move(remedy));
}

void FleetContext::note(const Pool& pool, const std::string& what, const std::string& reason) {
  validity.push_back({fmt::format("pool {}: {}", pool.name, what), reason});
}

std::string FleetContext::path_of(const std::string& file) const {
  return (std::filesystem::path(folder) / file).lexically_normal().string();
}

const Server* FleetContext::server(const std::string& name) const { return find_named(servers, name); }

std::optional<models::ModelCard> read_model_config(const std::string& path, const std::string& name,
                                                   Problems& problems) {
  try {
    return models::card_from_hugging_face(load_json(path), name);
  } catch (const InputError& error) {
    add_problems(error, {}, problems);
    return {};
  }
}

std::optional<Pool> resolve_pool(const PoolSpec& spec, FleetContext& context) {
  return PoolResolver(spec, context).resolve();
}

namespace {

// A constant alone keeps its short form.
void set_frontend(const Frontend& frontend, PoolSpec& spec) {
  const bool is_constant =
      frontend.seconds_per_token <= 0 && frontend.serial_seconds_per_token <= 0 && frontend.processes == 1;
  if (is_constant) {
    spec.frontend_seconds.value = frontend.seconds;
    return;
  }
  spec.frontend.seconds.value = frontend.seconds;
  spec.frontend.seconds_per_token.value = frontend.seconds_per_token;
  spec.frontend.serial_seconds_per_token.value = frontend.serial_seconds_per_token;
  spec.frontend.processes.value = frontend.processes;
}

}  // namespace

PoolSpec explicit_spec(const Pool& pool, const std::vector<StorageSystemSettings>& storage) {
  PoolSpec spec;
  spec.name.value = pool.name;
  if (pool.role != PoolRole::kBoth) spec.role.value = name(pool.role);
  spec.site.value = pool.site;
  spec.model.value = pool.model.name;
  if (pool.server.empty()) spec.accelerator.value = pool.accelerator.name;
  if (!pool.server.empty()) spec.server.value = pool.server;
  if (!pool.labels.empty()) spec.labels.value = pool.labels;
  if (!pool.dedicated_to.empty()) spec.dedicated_to.value = pool.dedicated_to;
  spec.capacity_weight.value = pool.capacity_weight;
  spec.replicas.value = pool.replicas;
  spec.tp.value = pool.tp;
  if (!pool.profile_given.empty()) spec.profile.value = pool.profile_given;
  if (!pool.step_table.empty()) spec.step_table.value = pool.step_table;
  set_frontend(pool.frontend, spec);
  spec.kv = kv_spec(pool, storage);
  spec.accelerator_price_per_hour.value = pool.accelerator_price_per_hour;
  spec.types = types_spec(pool.types);
  spec.engine = engine_spec(pool.engine);
  spec.engine.enforce_eager.value = pool.enforce_eager;
  if (!pool.served_model_name.empty()) spec.engine.served_model_name.value = pool.served_model_name;
  return spec;
}

}  // namespace kvsim::sim
