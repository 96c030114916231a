# Files as data: each call makes the array NAME that src/base/embedded.h declares, from every file
# below DIRECTORY that matches one of the patterns.

add_executable(embed "${PROJECT_SOURCE_DIR}/cmake/embed.c")
target_link_libraries(embed PRIVATE migralint_flags)
set_target_properties(embed PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)

function(migralint_embed name directory)
  list(TRANSFORM ARGN PREPEND "${directory}/" OUTPUT_VARIABLE patterns)
  file(GLOB_RECURSE paths CONFIGURE_DEPENDS RELATIVE "${directory}" ${patterns})
  list(TRANSFORM paths PREPEND "${directory}/" OUTPUT_VARIABLE inputs)
  set(made "${PROJECT_BINARY_DIR}/${name}.c")
  set(listed "${PROJECT_BINARY_DIR}/${name}.txt")
  list(JOIN paths "\n" lines)
  file(CONFIGURE OUTPUT "${listed}" CONTENT "${lines}\n" @ONLY)
  add_custom_command(OUTPUT "${made}"
    COMMAND embed "${directory}" "${listed}" ${name} "${made}"
    DEPENDS embed "${listed}" ${inputs}
    COMMENT "Embedding ${name}" VERBATIM)
  add_library(migralint_${name} OBJECT "${made}")
  target_include_directories(migralint_${name} PRIVATE "${PROJECT_SOURCE_DIR}/src")
  set_property(GLOBAL APPEND PROPERTY MIGRALINT_OBJECTS "$<TARGET_OBJECTS:migralint_${name}>")
endfunction()

migralint_embed(embedded_files "${MIGRALINT_RULES_DIR}" *.yaml)
migralint_embed(embedded_page "${PROJECT_SOURCE_DIR}/src/render/html" *.html *.css *.js)
