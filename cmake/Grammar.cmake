# tree-sitter and its grammars, compiled from the C sources in the npm packages
# that grammar/package-lock.json pins. No script of a package is ever run.

set(GRAMMAR_DIR "${PROJECT_SOURCE_DIR}/grammar")
set(GRAMMAR_MODULES "${GRAMMAR_DIR}/node_modules")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${GRAMMAR_DIR}/package-lock.json")

# npm writes node_modules/.package-lock.json last, so it dates the whole tree.
if("${GRAMMAR_DIR}/package-lock.json" IS_NEWER_THAN "${GRAMMAR_MODULES}/.package-lock.json")
  find_program(NPM_EXECUTABLE npm)
  if(NOT NPM_EXECUTABLE)
    message(FATAL_ERROR "npm is needed to fetch the grammars into ${GRAMMAR_MODULES}")
  endif()
  message(STATUS "Fetching the grammars with npm")
  execute_process(
    COMMAND "${NPM_EXECUTABLE}" ci --ignore-scripts --legacy-peer-deps --no-audit --no-fund
    WORKING_DIRECTORY "${GRAMMAR_DIR}" COMMAND_ERROR_IS_FATAL ANY)
  file(TOUCH "${GRAMMAR_MODULES}/.package-lock.json")
endif()

add_library(migralint_syntax INTERFACE)

# Objects rather than archives, so that libmigralint carries them inside itself.
function(migralint_add_syntax name)
  cmake_parse_arguments(ARG "" "" "SOURCES;INCLUDES" ${ARGN})
  add_library(${name} OBJECT ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${ARG_INCLUDES})
  target_compile_definitions(${name} PRIVATE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE)
  # Always optimised: a parser at -O0 under ASan makes the tests ten times slower.
  # Its null-pointer arithmetic is its own affair; ASan still watches it.
  target_compile_options(${name} PRIVATE -w $<$<NOT:$<CONFIG:Release>>:-O2>)
  if(MIGRALINT_SANITIZE)
    target_compile_options(${name} PRIVATE -fno-sanitize=undefined)
  endif()
  set_target_properties(${name} PROPERTIES COMPILE_WARNING_AS_ERROR OFF)
  set_property(GLOBAL APPEND PROPERTY MIGRALINT_OBJECTS "$<TARGET_OBJECTS:${name}>")
endfunction()

set(GRAMMAR_PYTHON "${GRAMMAR_MODULES}/tree-sitter-python/src")
if(MIGRALINT_SYSTEM_TREE_SITTER)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(SYSTEM_TREE_SITTER REQUIRED IMPORTED_TARGET tree-sitter)
  target_link_libraries(migralint_syntax INTERFACE PkgConfig::SYSTEM_TREE_SITTER)
  if(SYSTEM_TREE_SITTER_VERSION VERSION_LESS 0.25)
    set(GRAMMAR_PYTHON "${GRAMMAR_MODULES}/tree-sitter-python-abi14/src")
    message(STATUS "tree-sitter ${SYSTEM_TREE_SITTER_VERSION}: taking the older Python grammar")
  endif()
else()
  set(runtime "${GRAMMAR_MODULES}/tree-sitter/vendor/tree-sitter/lib")
  migralint_add_syntax(tree-sitter SOURCES "${runtime}/src/lib.c"
    INCLUDES "${runtime}/include" "${runtime}/src")
  target_include_directories(migralint_syntax SYSTEM INTERFACE
    "$<BUILD_INTERFACE:${runtime}/include>")
endif()

migralint_add_syntax(tree-sitter-python INCLUDES "${GRAMMAR_PYTHON}"
  SOURCES "${GRAMMAR_PYTHON}/parser.c" "${GRAMMAR_PYTHON}/scanner.c")
set(GRAMMAR_TOML "${GRAMMAR_MODULES}/@tree-sitter-grammars/tree-sitter-toml/src")
migralint_add_syntax(tree-sitter-toml INCLUDES "${GRAMMAR_TOML}"
  SOURCES "${GRAMMAR_TOML}/parser.c" "${GRAMMAR_TOML}/scanner.c")
