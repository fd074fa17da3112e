package client

import (
	"helper"
	"net"
)

// The signers use the connection for as long as they are there.
func signers(socket string, list []helper.Signer) ([]helper.Signer, error) {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return list, err
	}
	more, err := helper.NewAgent(conn).Signers()
	if err != nil {
		conn.Close()
		return list, err
	}
	return append(list, more...), nil
}

func names(socket string, list []string) ([]string, error) {
	conn, err := net.Dial("unix", socket) // want `conn is never closed`
	if err != nil {
		return list, err
	}
	more, err := helper.NewAgent(conn).Names()
	if err == nil {
		list = append(list, more...)
	}
	return list, nil
}
