# What the static library links: found here by the build, and by ringfence-config.cmake for whoever
# links the installed static library. The shared library and the headers need none of it there.
#
# In:  RINGFENCE_HYPERSCAN = hyperscan | vectorscan | the folder one of them is installed in.
# Out: targets RingfenceDeps::{hyperscan,xxhash,zstd,sodium}, and ringfence_private_dependencies.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(absl)
find_dependency(PkgConfig)

# A target for a library that ships a .pc file.
function(ringfence_pkg_dependency name module)
    if(TARGET RingfenceDeps::${name})
        return()
    endif()
    string(TOUPPER RINGFENCE_PC_${name} prefix)
    pkg_check_modules(${prefix} REQUIRED QUIET IMPORTED_TARGET ${module})
    add_library(RingfenceDeps::${name} INTERFACE IMPORTED GLOBAL)
    target_link_libraries(RingfenceDeps::${name} INTERFACE PkgConfig::${prefix})
endfunction()

# Hyperscan and Vectorscan have one interface, one file name and the same comments, so their Debian
# packages exclude each other. The version tells them apart: Hyperscan's open releases end at 5.4.2,
# Vectorscan counts on from there.
function(ringfence_find_hyperscan)
    if(TARGET RingfenceDeps::hyperscan)
        return()
    endif()
    # Looked for anew each time: the option may have changed.
    unset(RINGFENCE_HS_INCLUDE CACHE)
    unset(RINGFENCE_HS_LIBRARY CACHE)
    if(RINGFENCE_HYPERSCAN STREQUAL "hyperscan" OR RINGFENCE_HYPERSCAN STREQUAL "vectorscan")
        pkg_check_modules(RINGFENCE_PC_HYPERSCAN QUIET libhs)
        find_path(RINGFENCE_HS_INCLUDE hs/hs.h HINTS ${RINGFENCE_PC_HYPERSCAN_INCLUDEDIR})
        find_library(RINGFENCE_HS_LIBRARY hs HINTS ${RINGFENCE_PC_HYPERSCAN_LIBRARY_DIRS})
    else()
        find_path(RINGFENCE_HS_INCLUDE hs/hs.h PATHS ${RINGFENCE_HYPERSCAN}/include
                  NO_DEFAULT_PATH)
        find_library(RINGFENCE_HS_LIBRARY hs PATHS ${RINGFENCE_HYPERSCAN}
                     PATH_SUFFIXES lib lib64 lib/${CMAKE_LIBRARY_ARCHITECTURE} NO_DEFAULT_PATH)
    endif()
    mark_as_advanced(RINGFENCE_HS_INCLUDE RINGFENCE_HS_LIBRARY)
    if(NOT RINGFENCE_HS_INCLUDE OR NOT RINGFENCE_HS_LIBRARY)
        message(FATAL_ERROR "RINGFENCE_HYPERSCAN=${RINGFENCE_HYPERSCAN}: hs/hs.h or libhs not found; install "
            "libhyperscan-dev or libvectorscan-dev, or give the folder that holds include/hs/hs.h and lib/")
    endif()
    file(STRINGS ${RINGFENCE_HS_INCLUDE}/hs/hs.h patch REGEX "define HS_PATCH")
    string(REGEX MATCH "[0-9]+$" patch "${patch}")
    set(found hyperscan)
    if(patch GREATER 2)
        set(found vectorscan)
    endif()
    if(RINGFENCE_HYPERSCAN MATCHES "^(hyperscan|vectorscan)$" AND NOT RINGFENCE_HYPERSCAN STREQUAL found)
        message(FATAL_ERROR "RINGFENCE_HYPERSCAN=${RINGFENCE_HYPERSCAN}, but ${RINGFENCE_HS_INCLUDE}/hs/hs.h "
            "is ${found}'s; install lib${RINGFENCE_HYPERSCAN}-dev, or say -DRINGFENCE_HYPERSCAN=${found}")
    endif()
    message(STATUS "Regular expressions: ${found}, ${RINGFENCE_HS_LIBRARY}")
    add_library(RingfenceDeps::hyperscan UNKNOWN IMPORTED GLOBAL)
    set_target_properties(RingfenceDeps::hyperscan PROPERTIES
        IMPORTED_LOCATION ${RINGFENCE_HS_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${RINGFENCE_HS_INCLUDE})
endfunction()

ringfence_find_hyperscan()
ringfence_pkg_dependency(xxhash libxxhash)
ringfence_pkg_dependency(zstd libzstd)
ringfence_pkg_dependency(sodium libsodium)
ringfence_pkg_dependency(psl libpsl)

set(ringfence_private_dependencies
    absl::flat_hash_map RingfenceDeps::xxhash RingfenceDeps::hyperscan RingfenceDeps::zstd
    RingfenceDeps::sodium RingfenceDeps::psl)
