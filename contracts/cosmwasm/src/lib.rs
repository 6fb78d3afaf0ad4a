//! A light client of an Ethereum chain, as a contract of ibc-go's 08-wasm module. `contracts/README.md` says what its messages hold.
//!
//! The rules are `ethereum-verifier`'s; here is only what they need of a chain: storage, time, and BLS12-381 by the VM's own functions.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod bls;
mod client;
mod error;
mod host;
mod memory;
mod messages;
mod protobuf;
mod recovery;
mod store;

use crate::error::Error;
use crate::memory::{give, take};
use alloc::string::String;
use alloc::vec::Vec;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// The VM undoes everything and reports a trap.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

/// Marks the interface between contract and VM that this is written for.
#[unsafe(no_mangle)]
extern "C" fn interface_version_8() {}

/// `{"client_state","consensus_state","checksum"}`
#[unsafe(no_mangle)]
extern "C" fn instantiate(_env: u32, _info: u32, msg: u32) -> u32 {
    respond(client::instantiate(&take(msg)).map(|()| done(&[])))
}

/// What may change the light client.
#[unsafe(no_mangle)]
extern "C" fn sudo(env: u32, msg: u32) -> u32 {
    respond(client::sudo(&take(env), &take(msg)).map(|data| done(&data)))
}

/// What only asks.
#[unsafe(no_mangle)]
extern "C" fn query(env: u32, msg: u32) -> u32 {
    respond(client::query(&take(env), &take(msg)).map(|answer| alloc::format!("\"{}\"", messages::encode(&answer))))
}

/// Governance put this code in the place of another.
#[unsafe(no_mangle)]
extern "C" fn migrate(_env: u32, msg: u32) -> u32 {
    respond(recovery::migrate(&take(msg)).map(|()| done(&[])))
}

/// A response without messages, attributes or events, which 08-wasm refuses.
fn done(data: &[u8]) -> String {
    let data = match data {
        [] => "null".into(),
        _ => alloc::format!("\"{}\"", messages::encode(data)),
    };
    alloc::format!(r#"{{"messages":[],"attributes":[],"events":[],"data":{data}}}"#)
}

fn respond(result: Result<String, Error>) -> u32 {
    let json = match result {
        Ok(json) => alloc::format!(r#"{{"ok":{json}}}"#),
        // Error texts are written in the sources and need no escape.
        Err(error) => alloc::format!(r#"{{"error":"{error}"}}"#),
    };
    give(Vec::from(json))
}
