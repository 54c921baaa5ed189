// SPDX-License-Identifier: Apache-2.0
// Words to write the table of epp_plugins.h with: one function for each form of parameter.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "sim/scenario/epp_plugins.h"

namespace kvsim::sim::epp {

inline constexpr double kManyTokensOrBlocks = 1e12;

inline PluginParameter number(std::string key, std::string standard, NumberRange range = {0, 1e12}) {
  return {
      .key = std::move(key), .form = ParameterForm::kNumber, .standard = std::move(standard), .range = range};
}
inline PluginParameter share(std::string key, std::string standard) {  // of 1
  return number(std::move(key), std::move(standard), {0, 1});
}
inline PluginParameter whole(std::string key, std::string standard,
                             NumberRange range = {0, kManyTokensOrBlocks}) {
  return {
      .key = std::move(key), .form = ParameterForm::kWhole, .standard = std::move(standard), .range = range};
}
inline PluginParameter flag(std::string key, std::string standard) {
  return {.key = std::move(key), .form = ParameterForm::kFlag, .standard = std::move(standard)};
}
inline PluginParameter duration(std::string key, std::string standard) {
  return {.key = std::move(key), .form = ParameterForm::kDuration, .standard = std::move(standard)};
}
inline PluginParameter text(std::string key, std::string standard = {}) {
  return {.key = std::move(key), .form = ParameterForm::kText, .standard = std::move(standard)};
}
inline PluginParameter texts(std::string key, std::string standard = {}) {
  return {.key = std::move(key), .form = ParameterForm::kTexts, .standard = std::move(standard)};
}
inline PluginParameter labels(std::string key) {
  return {.key = std::move(key), .form = ParameterForm::kLabels};
}
inline PluginParameter choice(std::string key, std::string standard,
                              std::vector<PluginParameter::Choice> choices) {
  return {.key = std::move(key),
          .form = ParameterForm::kChoice,
          .standard = std::move(standard),
          .choices = std::move(choices)};
}
inline PluginParameter maps(std::string key, std::vector<PluginParameter> fields, std::string standard = {}) {
  return {.key = std::move(key),
          .form = ParameterForm::kMaps,
          .standard = std::move(standard),
          .fields = std::move(fields)};
}
inline PluginParameter plugin(std::string key, std::vector<PluginKind> kinds, std::string standard_type) {
  return {.key = std::move(key),
          .form = ParameterForm::kPlugin,
          .refers_to = std::move(kinds),
          .standard_type = std::move(standard_type)};
}
inline PluginParameter needed_if(PluginParameter parameter, std::string key, std::string chosen) {
  parameter.needed_if_key = std::move(key);
  parameter.needed_if_choice = std::move(chosen);
  return parameter;
}
// Any value under this key, of any form, nested too.
inline PluginParameter ignored(std::string key, std::string why) {
  return {.key = std::move(key), .form = ParameterForm::kText, .no_effect = std::move(why)};
}

inline PluginParameter with_other_keys(PluginParameter parameter, std::vector<std::string> keys) {
  parameter.also = std::move(keys);
  return parameter;
}
inline PluginParameter with_earlier(PluginParameter parameter,
                                    std::vector<PluginParameter::Earlier> earlier) {
  parameter.earlier = std::move(earlier);
  return parameter;
}

// References that many plugins have.
inline PluginParameter prefix_producer() {
  return plugin("prefixMatchInfoProducerName", {PluginKind::kPrefixProducer}, std::string(kApproximateIndex));
}
// Without one nothing counts as cached.
inline PluginParameter prefix_producer_if_any() {
  return plugin("prefixMatchInfoProducerName", {PluginKind::kPrefixProducer}, "");
}
inline PluginParameter load_producer() {
  return plugin("inFlightLoadProducerName", {PluginKind::kLoadProducer}, "inflight-load-producer");
}
inline PluginParameter latency_producer() {
  return plugin("predictedLatencyProducerName", {PluginKind::kLatencyProducer}, "predicted-latency-producer");
}

std::vector<PluginParameter> session_affinity();          // of its scorer and filter
std::vector<PluginParameter::Choice> endpoint_metrics();  // active, running, waiting, kv

// Parts of the table.
void add_scorers(std::vector<PluginType>& types);
void add_filters(std::vector<PluginType>& types);
void add_handlers(std::vector<PluginType>& types);  // pickers, profile handlers, deciders
void add_producers(std::vector<PluginType>& types);
void add_data_sources(std::vector<PluginType>& types);
void add_admission(std::vector<PluginType>& types);  // detectors, admitters, policies of flow control
void add_without_effect(std::vector<PluginType>& types);

}  // namespace kvsim::sim::epp
