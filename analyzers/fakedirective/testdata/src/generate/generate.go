package generate

//go:generate stringer -type=Kind

// want +2 `// go:generate mockgen -source=a.go is an ordinary comment because of its space: go generate skips it; write //go:generate`

// go:generate mockgen -source=a.go

// go:generate is how the file beside was made.

// How the file was made:
//
// go:generate stringer -type=Kind

type Kind int

const (
	// want +1 `go generate reads only lines that begin with //go:generate, and skips this one, which is indented`
	//go:generate stringer -type=Kind
	A Kind = iota
)

func f() {
	// want +1 `go generate reads only lines`
	//go:generate go run gen.go
}

var _ = `
	//go:generate go run gen.go
`
