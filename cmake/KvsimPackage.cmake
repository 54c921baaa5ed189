# A Debian package of what is installed: `cpack -G DEB` in a build folder (Debian: dpkg-dev, file). The libraries that the program was linked to
# become dependencies, in the versions of the machine that packs it.
set(KVSIM_MAINTAINER "kvsim maintainers <maintainers@kvsim.invalid>" CACHE STRING "Who answers for the package")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME kvsim)
set(CPACK_PACKAGE_CONTACT "${KVSIM_MAINTAINER}")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS ${CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS})
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "openmpi-bin, python3")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "simulator and planner of fleets that serve language models
kvsim takes traffic, a fleet of accelerators and goals, and tells latency,
throughput, cache hits, cost and power before anything is bought. It plans
the cheapest fleet that keeps goals, law and limits.

It runs on one machine without network. openmpi-bin spreads plans over
several; python3, with torch, measures accelerators.")
include(CPack)
