# add_layer(name SOURCES a.c b.c [SEES ad base] [LIBS PkgConfig::X] [POSIX])
# One static library a folder. SEES is the whole of what the folder may include and link
# (the README has the table; tests/lint/layers.py greps the includes).
# POSIX: this folder may use POSIX beside ISO C (src/base and the transport only).
set(ADHYGIENE_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2
  -Wmissing-prototypes -Wvla -Wcast-qual)
if(WERROR)
  list(APPEND ADHYGIENE_WARNINGS -Werror)
endif()
add_compile_options(${ADHYGIENE_WARNINGS} -fno-strict-aliasing -fstack-protector-strong)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
if(SANITIZE)
  add_compile_options(-fsanitize=${SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SANITIZE})
endif()
if(FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
# assert() states our own invariants and stays on in every build.
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")

find_package(PkgConfig REQUIRED)

function(add_layer name)
  cmake_parse_arguments(L "POSIX" "" "SOURCES;SEES;LIBS" ${ARGN})
  add_library(${name} STATIC ${L_SOURCES})
  # The checkout itself may lie in a folder called src.
  string(FIND "${CMAKE_CURRENT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/src/" below_src)
  if(below_src EQUAL 0)
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  else()
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/src)
  endif()
  target_link_libraries(${name} PUBLIC ${L_SEES} PRIVATE ${L_LIBS})
  if(L_POSIX)
    target_compile_definitions(${name} PRIVATE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE)
  endif()
endfunction()
