// make_room.hpp - growing an abseil map so that it stays whole when there is no memory.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace ringfence {

// Makes room for one more. An abseil map that grows and finds no memory is left so that it can be neither used
// nor destroyed: so a larger one is made aside, and left as it is should that fail, when it owns nothing.
template <class Map>
void make_room(Map& map) {
    if ((map.size() + 1) * 4 <= map.capacity() * 3) return;
    alignas(Map) std::byte place[sizeof(Map)];
    Map* const larger = new (place) Map;
    larger->reserve(2 * map.size() + 8);
    for (auto& [key, value] : map) larger->try_emplace(key, std::move(value));
    map.swap(*larger);
    larger->~Map();
}

}  // namespace ringfence
