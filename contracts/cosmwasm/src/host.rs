//! The VM's functions. Declared here by hand: the feature of cosmwasm-std that has those for BLS12-381 also exports markers that chains
//! with the module's default capabilities refuse, while the functions are there on each VM from 2.1 on.

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    /// Address of a region with the value, which becomes the contract's own, or 0.
    pub fn db_read(key: u32) -> u32;
    pub fn db_write(key: u32, value: u32);
    pub fn db_remove(key: u32);
    /// 0 when each of the points is one of the group.
    pub fn bls12_381_aggregate_g1(points: u32, out: u32) -> u32;
    /// 0 when the product of e(p, q) equals e(r, s), and all are points of their groups.
    pub fn bls12_381_pairing_equality(ps: u32, qs: u32, r: u32, s: u32) -> u32;
    /// 0 with a known hash function.
    pub fn bls12_381_hash_to_g2(hash: u32, message: u32, tag: u32, out: u32) -> u32;
}
