// forms.hpp - the three forms of a kernel, and which of them is used.
#pragma once

#include <type_traits>

#include "src/kernel/isa.hpp"

namespace ringfence::kernel {

// Elsewhere than on x86-64 the vector forms are declared and never defined; nothing asks for them there.
template <const auto& kScalar, const auto& kAvx2, const auto& kAvx512>
struct Forms {
    using Kernel = std::remove_cvref_t<decltype(kScalar)>;

    // The form for `isa`; null when this processor or build lacks it. Threads: any thread.
    static const Kernel* of(Isa isa) {
        if (!available(isa)) return nullptr;
#if defined(__x86_64__)
        if (isa == Isa::kAvx512) return &kAvx512;
        if (isa == Isa::kAvx2) return &kAvx2;
#endif
        return isa == Isa::kScalar ? &kScalar : nullptr;
    }

    // The form of chosen_isa(). Threads: any thread.
    static const Kernel& chosen() {
        static const Kernel& form = *of(chosen_isa());
        return form;
    }
};

}  // namespace ringfence::kernel
