//go:build tinygo || !tinygo

package tiny

// TinyGo heeds it.
//
//go:inline
func get() int { return 1 }

//go:noinlin // want `did you mean //go:noinline`
func put() {}
