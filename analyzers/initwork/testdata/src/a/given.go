package a

// What is computed depends on the numbers that a function is called with.

var manyPrimes = sieveTo(50_000_000) // want `the initial value of manyPrimes computes for some milliseconds`

var fewPrimes = sieveTo(500)

func sieveTo(n int) (out []int32) {
	comp := make([]bool, n)
	for i := 2; i < n; i++ {
		if comp[i] {
			continue
		}
		out = append(out, int32(i))
		for j := i * 2; j < n; j += i {
			comp[j] = true
		}
	}
	return out
}

var plane = fillPlane(2000) // want `the initial value of plane computes for some milliseconds`

func fillPlane(side int) (sum int) { return rows(side, 3) }

func rows(side, k int) (sum int) {
	for i := range side {
		for j := range side {
			sum += i * j * k
		}
	}
	return sum
}

var port = listenOn(8080)

func listenOn(port int) (list []int) {
	for i := range 3 {
		list = append(list, port+i)
	}
	return list
}
