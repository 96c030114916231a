# Compiler flags of our own code; the grammars are built without them.

add_library(migralint_flags INTERFACE)
target_include_directories(migralint_flags INTERFACE
  "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/include")
# The language is strict C11; the library is POSIX 2008 and what glibc, musl and
# the BSDs share beyond it (memmem, memrchr). Defined as empty, so that a file may
# say it again without a redefinition warning.
target_compile_definitions(migralint_flags INTERFACE
  "_GNU_SOURCE=" "MIGRALINT_VERSION=\"${PROJECT_VERSION}\"")

# The union of what git, Lua and tree-sitter hold themselves to. -Wconversion is
# left out on purpose: none of them keeps it, and next to tree-sitter's uint32_t
# it turns into casts that hide the truncation it should show.
target_compile_options(migralint_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wundef -Wvla -Wpointer-arith -Wwrite-strings
  -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
  -Wnested-externs -Wredundant-decls -Wimplicit-fallthrough -fno-common)

# Whole-program flags: the grammars are built with these too.
if(MIGRALINT_SANITIZE)
  add_compile_options(-fsanitize=${MIGRALINT_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${MIGRALINT_SANITIZE})
endif()
if(MIGRALINT_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "MIGRALINT_FUZZ needs clang: cmake --preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(MIGRALINT_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()

if(CMAKE_BUILD_TYPE STREQUAL "Release")
  include(CheckIPOSupported)
  check_ipo_supported(RESULT migralint_ipo OUTPUT migralint_ipo_log LANGUAGES C)
  if(migralint_ipo)
    set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
    # Machine code beside the bytecode: the archive serves other compilers too.
    add_compile_options($<$<C_COMPILER_ID:GNU>:-ffat-lto-objects>)
    # gcc splits the linking among processes with make, and warns when there is none.
    add_link_options($<$<C_COMPILER_ID:GNU>:-flto-partition=one>)
  else()
    message(STATUS "No link-time optimisation: ${migralint_ipo_log}")
  endif()
endif()
