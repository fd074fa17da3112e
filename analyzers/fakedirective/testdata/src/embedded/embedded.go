package embedded

import "embed"

//go:embed embedded.go
var whole string

// want +1 `// go:embed embedded.go is an ordinary comment because of its space: text stays empty; write //go:embed`
// go:embed embedded.go
var text string

// want +1 `files stays empty`
// go:embed *.go
var files embed.FS

// go:embed fills it.
var count int

// go:embed embedded.go
const name = "embedded.go"

var (
	// want +1 `data stays empty`
	// go:embed embedded.go
	data []byte

	// go:embed embedded.go
	a, b string
)
