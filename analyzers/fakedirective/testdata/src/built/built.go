// want +2 `// go:build linux && !race is an ordinary comment because of its space: the file is part of every build; write //go:build`

// go:build linux && !race

package built

// go:build linux
