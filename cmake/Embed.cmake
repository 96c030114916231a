# Turns every YAML file below MIGRALINT_RULES_DIR into the array that
# src/base/embedded.h declares.

file(GLOB_RECURSE embedded_yaml CONFIGURE_DEPENDS RELATIVE "${MIGRALINT_RULES_DIR}"
  "${MIGRALINT_RULES_DIR}/*.yaml")
list(TRANSFORM embedded_yaml PREPEND "${MIGRALINT_RULES_DIR}/" OUTPUT_VARIABLE embedded_inputs)
set(embedded_c "${PROJECT_BINARY_DIR}/embedded.c")
set(embedded_list "${PROJECT_BINARY_DIR}/embedded.txt")
list(JOIN embedded_yaml "\n" embedded_lines)
file(CONFIGURE OUTPUT "${embedded_list}" CONTENT "${embedded_lines}\n" @ONLY)

add_executable(embed "${PROJECT_SOURCE_DIR}/cmake/embed.c")
target_link_libraries(embed PRIVATE migralint_flags)
set_target_properties(embed PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
add_custom_command(OUTPUT "${embedded_c}"
  COMMAND embed "${MIGRALINT_RULES_DIR}" "${embedded_list}" "${embedded_c}"
  DEPENDS embed "${embedded_list}" ${embedded_inputs}
  COMMENT "Embedding the rules" VERBATIM)

add_library(migralint_embedded OBJECT "${embedded_c}")
target_include_directories(migralint_embedded PRIVATE "${PROJECT_SOURCE_DIR}/src")
set_property(GLOBAL APPEND PROPERTY MIGRALINT_OBJECTS "$<TARGET_OBJECTS:migralint_embedded>")
