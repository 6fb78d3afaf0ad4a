//! How bytes pass between the contract and the VM: by the address of a region that says where they are.
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem::ManuallyDrop;

/// The VM's form of a buffer: where it begins, how much it can hold, and how much it does.
#[repr(C)]
pub struct Region {
    offset: u32,
    capacity: u32,
    length: u32,
}

impl Region {
    /// Bytes for the VM to read while the region is borrowed.
    pub fn lend(bytes: &[u8]) -> Self {
        let length = bytes.len() as u32;
        Self { offset: bytes.as_ptr() as u32, capacity: length, length }
    }

    /// Room for the VM to write while the region is borrowed.
    pub fn room(bytes: &mut [u8]) -> Self {
        Self { offset: bytes.as_mut_ptr() as u32, capacity: bytes.len() as u32, length: 0 }
    }

    /// The VM writes to the region itself, too: how many bytes it gave.
    pub fn address(&mut self) -> u32 {
        core::ptr::from_mut(self) as u32
    }
}

/// Hands bytes over to the VM, which calls `deallocate` or gives them back.
pub fn give(bytes: Vec<u8>) -> u32 {
    let bytes = ManuallyDrop::new(bytes);
    let region =
        Region { offset: bytes.as_ptr() as u32, capacity: bytes.capacity() as u32, length: bytes.len() as u32 };
    Box::into_raw(Box::new(region)) as u32
}

/// Takes over bytes that the VM put where `allocate` told it to.
pub fn take(address: u32) -> Vec<u8> {
    // SAFETY: the VM passes only addresses that `allocate` gave, each of them once, and keeps length within capacity.
    unsafe {
        let region = Box::from_raw(address as *mut Region);
        Vec::from_raw_parts(region.offset as *mut u8, region.length as usize, region.capacity as usize)
    }
}

/// Room for the VM to write `size` bytes.
#[unsafe(no_mangle)]
extern "C" fn allocate(size: u32) -> u32 {
    give(Vec::with_capacity(size as usize))
}

/// The VM has read what it was given.
#[unsafe(no_mangle)]
extern "C" fn deallocate(address: u32) {
    drop(take(address));
}
