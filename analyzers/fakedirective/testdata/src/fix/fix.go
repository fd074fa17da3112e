package fix

//go:inline // want `go:inline is ignored`
func a() {}

// B is
//
//go:noinline
//go:pure // want `go:pure is ignored`
func B() {}

// C is.
//
//go:inline // want `go:inline is ignored`
func C() {}

type T struct {
	//go:align // a name of TinyGo
	x int
	//go:atomic // want `go:atomic is ignored`
	y int
}

//go:noinlne // want `did you mean`
func d() {}
