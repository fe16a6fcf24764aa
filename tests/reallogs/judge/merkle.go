package main

import "crypto/sha256"

// A merkle is the tree of RFC 6962 section 2.1: the roots of its complete subtrees, from left to
// right, which there are for each 1 in the binary form of size.
type merkle struct {
	size  uint64
	nodes [][]byte
}

func node(left, right []byte) []byte {
	sum := sha256.Sum256(append(append([]byte{1}, left...), right...))
	return sum[:]
}

func (m *merkle) push(leaf []byte) {
	sum := sha256.Sum256(append([]byte{0}, leaf...))
	m.nodes = append(m.nodes, sum[:])
	m.size++
	for n := m.size; n&1 == 0; n >>= 1 {
		k := len(m.nodes)
		m.nodes = append(m.nodes[:k-2], node(m.nodes[k-2], m.nodes[k-1]))
	}
}

func (m *merkle) root() []byte {
	if len(m.nodes) == 0 {
		sum := sha256.Sum256(nil)
		return sum[:]
	}
	root := m.nodes[len(m.nodes)-1]
	for i := len(m.nodes) - 2; i >= 0; i-- {
		root = node(m.nodes[i], root)
	}
	return root
}
