package main

import (
	"fmt"
	"os"
	"time"
)

var started = time.Now()

var host, _ = os.ReadFile("/etc/hostname") // want `the initial value of host uses files \(os.ReadFile\) before main begins, also when the program only prints its usage, and no caller can handle an error; make host when`

func main() {
	b, _ := os.ReadFile("x")
	fmt.Println(b, host, started)
}
