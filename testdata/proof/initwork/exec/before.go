//go:build ignore

// proof: behaviour

package main

import "os/exec"

var system = output("go", "env", "GOOS")

func output(name string, args ...string) []byte {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		return []byte(err.Error())
	}
	return out
}

func run() string {
	if len(system) > 0 {
		return "bad: a process has run before anybody has asked"
	}
	return "ok"
}
