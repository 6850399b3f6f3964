# What `cmake --install` lays down: headers, libraries, CMake and pkg-config files, the command line.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/ringfence)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp" PATTERN "*.inl")
install(FILES ${generated_include}/ringfence/version.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ringfence)

# One export set a component, so that the headers and the shared library ask for nothing that only
# the static library links.
install(TARGETS ringfence_headers EXPORT ringfence-headers)
install(TARGETS ringfence EXPORT ringfence-static ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT ringfence-headers NAMESPACE ringfence:: DESTINATION ${package_dir})
install(EXPORT ringfence-static NAMESPACE ringfence:: DESTINATION ${package_dir})
if(TARGET ringfence_shared)
    install(TARGETS ringfence_shared EXPORT ringfence-shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
    install(EXPORT ringfence-shared NAMESPACE ringfence:: DESTINATION ${package_dir})
endif()

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/ringfence-config.cmake.in
    ${PROJECT_BINARY_DIR}/ringfence-config.cmake INSTALL_DESTINATION ${package_dir})
# Before 1.0 a minor version may change any layout.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ringfence-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/ringfence-config.cmake
              ${PROJECT_BINARY_DIR}/ringfence-config-version.cmake
              ${PROJECT_SOURCE_DIR}/cmake/ringfence-dependencies.cmake
        DESTINATION ${package_dir})

# pkg-config. hs has a .pc file only where a package brought it: a folder given by hand is named.
if(RINGFENCE_HYPERSCAN MATCHES "^(hyperscan|vectorscan)$")
    set(pc_requires_hs "libhs, ")
    set(pc_libs_hs "")
else()
    set(pc_requires_hs "")
    get_target_property(pc_libs_hs RingfenceDeps::hyperscan IMPORTED_LOCATION)
    string(PREPEND pc_libs_hs " ")
endif()
# Relative to where the file lies, so that an installed tree can be moved.
file(RELATIVE_PATH pc_prefix /p/${CMAKE_INSTALL_LIBDIR}/pkgconfig /p)
string(REGEX REPLACE "/$" "" pc_prefix ${pc_prefix})
# ringfence.pc is of the shared library, which finds nothing else; ringfence-static.pc of the archive and all it needs.
set(pc_files ${PROJECT_BINARY_DIR}/ringfence-static.pc)
configure_file(${PROJECT_SOURCE_DIR}/cmake/ringfence-static.pc.in ${PROJECT_BINARY_DIR}/ringfence-static.pc @ONLY)
if(RINGFENCE_BUILD_SHARED)
    configure_file(${PROJECT_SOURCE_DIR}/cmake/ringfence.pc.in ${PROJECT_BINARY_DIR}/ringfence.pc @ONLY)
    list(APPEND pc_files ${PROJECT_BINARY_DIR}/ringfence.pc)
endif()
install(FILES ${pc_files} DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

if(TARGET ringfence_cli)
    install(TARGETS ringfence_cli DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
if(TARGET ringfence_regex_compiler)
    # Where the library looks for it: beside the folder of libraries or of programs.
    install(TARGETS ringfence_regex_compiler DESTINATION libexec/ringfence)
endif()
# The starter packs, with the aliases and brands that they are read with.
if(EXISTS ${PROJECT_SOURCE_DIR}/rules)
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/rules/ DESTINATION ${CMAKE_INSTALL_DATADIR}/ringfence/rules)
endif()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/NOTICE
        DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Builds what is installed, and no more.
add_custom_target(ringfence_installed)
foreach(target ringfence ringfence_shared ringfence_cli ringfence_regex_compiler)
    if(TARGET ${target})
        add_dependencies(ringfence_installed ${target})
    endif()
endforeach()
