package a

import "os"

var golden, _ = os.ReadFile("testdata/golden")
