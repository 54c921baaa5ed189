// SPDX-License-Identifier: Apache-2.0
// Where data are looked for: what comes with kvsim, and the user's own on top. docs/install.md tells users
// the same.
#pragma once

#include <string>

namespace kvsim {

// Folder of what comes with kvsim (hardware-catalog, models, presets, the probe): $KVSIM_DATA_DIR, else
// `kvsim-data` beside the program (in a build tree a link to the sources), else ../share/kvsim from there (an
// installation). No place is compiled in, so a program can be moved with its data. InputError that names the
// tried places where none holds data.
std::string data_directory();

// Folder of the user's own accelerators, prices, models and profiles, which every command puts over ours:
// `kvsim` in $XDG_CONFIG_HOME, else in ~/.config. It need not be there; empty where no home is known.
std::string user_data_directory();

}  // namespace kvsim
