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

# Graphviz is opened when something is drawn, under the name that the linker would have noted:
# its headers are needed here, the library only there.
pkg_check_modules(GRAPHVIZ REQUIRED IMPORTED_TARGET libcgraph libgvc)
target_include_directories(migralint_libraries SYSTEM INTERFACE ${GRAPHVIZ_INCLUDE_DIRS})
target_link_libraries(migralint_libraries INTERFACE ${CMAKE_DL_LIBS})
foreach(library cgraph gvc)
  find_library(${library}_file ${library} HINTS ${GRAPHVIZ_LIBRARY_DIRS} REQUIRED)
  file(REAL_PATH "${${library}_file}" library_path)
  if(NOT library_path MATCHES "/(lib${library}\\.so\\.[0-9]+)[^/]*$")
    message(FATAL_ERROR "${library_path} has no version in its name")
  endif()
  string(TOUPPER "${library}" upper)
  target_compile_definitions(migralint_libraries INTERFACE "${upper}_SONAME=\"${CMAKE_MATCH_1}\"")
endforeach()
if(MIGRALINT_SYSTEM_TREE_SITTER)
  string(APPEND MIGRALINT_PC_REQUIRES " tree-sitter")
endif()
