# Libraries of the system. Their headers count as system headers: no warnings.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(MD REQUIRED IMPORTED_TARGET libmd)

add_library(migralint_libraries INTERFACE)
target_link_libraries(migralint_libraries INTERFACE
  PkgConfig::YAML PkgConfig::JANSSON PkgConfig::PCRE2 PkgConfig::MD Threads::Threads)
set(MIGRALINT_PC_REQUIRES "yaml-0.1 jansson libpcre2-8 libmd")

if(EXISTS "${PROJECT_SOURCE_DIR}/src/render")
  pkg_check_modules(GRAPHVIZ REQUIRED IMPORTED_TARGET libcgraph libgvc)
  target_link_libraries(migralint_libraries INTERFACE PkgConfig::GRAPHVIZ)
  string(APPEND MIGRALINT_PC_REQUIRES " libcgraph libgvc")
endif()
if(MIGRALINT_SYSTEM_TREE_SITTER)
  string(APPEND MIGRALINT_PC_REQUIRES " tree-sitter")
endif()
