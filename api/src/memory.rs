//! What a burst took is given back: a password's hash, or the first list of a big cluster (docs/adr/0023).

use std::time::Duration;

/// How often.
const PERIOD: Duration = Duration::from_secs(2);

/// Memory in pages of 4 KiB from now on: in those of 2 MiB, all stays for the little that is left in each.
pub fn small_pages() {
    // A kernel that refuses only costs memory.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

/// Gives back what was freed, for ever. The allocator looks after that only while it is called, and where nothing happens
/// nobody calls it.
#[expect(unsafe_code, reason = "the allocator has no safe call for it")]
pub async fn give_back() {
    loop {
        tokio::time::sleep(PERIOD).await;
        // SAFETY: takes a flag, may be called by any thread at any time, and touches nothing that is in use.
        unsafe { libmimalloc_sys::mi_collect(true) };
    }
}
