package alloc_test

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
)

// What the table of the standard library takes from measurements is measured.
func TestMeasured(t *testing.T) {
	data := []byte("some bytes")
	var pool sync.Pool
	pooled := new(int)
	var m sync.Map
	for name, f := range map[string]func(){
		"md5.Sum":           func() { md5.Sum(data) },
		"sha1.Sum":          func() { sha1.Sum(data) },
		"sha256.Sum256":     func() { sha256.Sum256(data) },
		"sha256.Sum224":     func() { sha256.Sum224(data) },
		"sha512.Sum512":     func() { sha512.Sum512(data) },
		"crc32.Checksum":    func() { crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)) },
		"crc32.Update":      func() { crc32.Update(1, crc32.IEEETable, data) },
		"rand.IntN":         func() { rand.IntN(10) },
		"rand.Uint64":       func() { rand.Uint64() },
		"rand.NormFloat64":  func() { rand.NormFloat64() },
		"rand.ExpFloat64":   func() { rand.ExpFloat64() },
		"strings.IndexRune": func() { strings.IndexRune("größer", 'ß') },
		"sync.Pool.Put/Get": func() { pool.Put(pooled); pool.Get() },
		"sync.Map.Load":     func() { m.Load(pooled) },
	} {
		f() // what it does once
		if n := testing.AllocsPerRun(100, f); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
