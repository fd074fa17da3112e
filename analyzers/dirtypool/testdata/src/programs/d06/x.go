// Package d06: array of pools.
package d06

import (
	"strconv"
	"sync"
)

type vec struct {
	vals  []float64
	label string
}

var pools [8]sync.Pool

func init() {
	for i := range pools {
		n := 1 << i
		pools[i].New = func() any { return &vec{vals: make([]float64, 0, n)} }
	}
}

func get(class int) *vec    { return pools[class].Get().(*vec) }
func put(class int, v *vec) { pools[class].Put(v) }

func Sum(class int, in []float64, label string) (string, float64) {
	v := get(class) // want `the \*vec from pools may still hold its previous user.s fields vals and label: it is reset neither after this Get nor before its Put`
	defer put(class, v)
	for _, x := range in {
		v.vals = append(v.vals, x*x)
	}
	if label != "" {
		v.label = label
	}
	total := 0.0
	for _, x := range v.vals {
		total += x
	}
	return v.label + strconv.Itoa(class), total
}
