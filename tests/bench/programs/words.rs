// SPDX-License-Identifier: GPL-2.0
// Collections, formatting, recursion through boxes, threads, a caught panic.
// Usage: words ROUNDS
use std::collections::{BTreeMap, HashMap};

enum Tree {
    Leaf(u64),
    Node(Box<Tree>, Box<Tree>),
}

fn grow(depth: u32, seed: u64) -> Tree {
    if depth == 0 {
        return Tree::Leaf(seed);
    }
    Tree::Node(
        Box::new(grow(depth - 1, seed.wrapping_mul(6364136223846793005))),
        Box::new(grow(depth - 1, seed.wrapping_add(1442695040888963407))),
    )
}

fn walk(tree: &Tree, visit: &mut dyn FnMut(u64)) {
    match tree {
        Tree::Leaf(value) => visit(*value),
        Tree::Node(left, right) => {
            walk(left, visit);
            walk(right, visit);
        }
    }
}

fn round(seed: u64) -> usize {
    let mut count: HashMap<String, u64> = HashMap::new();
    let tree = grow(9, seed);
    walk(&tree, &mut |value| *count.entry(format!("{:x}", value % 97)).or_insert(0) += value >> 40);
    let sorted: BTreeMap<_, _> = count.iter().map(|(k, v)| (v, k)).collect();
    let caught = std::panic::catch_unwind(|| {
        if seed % 4 == 0 {
            std::panic::resume_unwind(Box::new(seed));
        }
    });
    sorted.len() + caught.is_err() as usize
}

fn main() {
    let rounds: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100);
    let other = std::thread::spawn(move || (0..rounds / 2).map(round).sum::<usize>());
    let sum: usize = (0..rounds / 2).map(round).sum();
    println!("{}", sum + other.join().unwrap());
}
