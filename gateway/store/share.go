package store

import (
	"hash/fnv"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Shares says which partitions each of the living replicas should hold: every partition once, and nobody more than one
// above anybody else. It depends on nothing but the names, so that all who see the same replicas agree without talking,
// and it moves few partitions when one comes or goes: each pair of partition and replica has a weight of its own
// (rendezvous hashing), and the heaviest pairs that fit are taken.
func Shares(partitions int, replicas []string) map[string][]int {
	shares := make(map[string][]int, len(replicas))
	if len(replicas) == 0 {
		return shares
	}
	least, extra := partitions/len(replicas), partitions%len(replicas)
	taken := make([]bool, partitions)
	for _, c := range pairs(partitions, replicas) {
		n := len(shares[c.replica])
		if taken[c.partition] || n > least || (n == least && extra == 0) {
			continue
		}
		if n == least {
			extra-- // one of those who hold one more
		}
		taken[c.partition] = true
		shares[c.replica] = append(shares[c.replica], c.partition)
	}
	for _, s := range shares {
		slices.Sort(s)
	}
	return shares
}

type pair struct {
	partition int
	replica   string
	weight    uint64
}

// pairs lists all pairs of partition and replica, the heaviest first.
func pairs(partitions int, replicas []string) []pair {
	all := make([]pair, 0, partitions*len(replicas))
	for _, r := range replicas {
		for p := range partitions {
			all = append(all, pair{p, r, weight(p, r)})
		}
	}
	slices.SortFunc(all, func(a, b pair) int {
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		case a.partition != b.partition:
			return a.partition - b.partition
		}
		return strings.Compare(a.replica, b.replica)
	})
	return all
}

// weight is the same in every process, on every machine.
func weight(p int, replica string) uint64 {
	h := fnv.New64a()
	io.WriteString(h, strconv.Itoa(p)+"/"+replica) //nolint:errcheck // a hash never fails
	return mix(h.Sum64())
}

// mix spreads what FNV leaves alike in names that differ in their last letters only (the finish of MurmurHash3).
func mix(x uint64) uint64 {
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}
