package more

// Codecs are registered when the program starts.
var codecs = make(map[string]func([]byte) []byte)

func RegisterCodec(name string, codec func([]byte) []byte) { codecs[name] = codec }

func codecNames() []string {
	var names []string
	for name := range codecs {
		names = append(names, name)
	}
	return names
}

// Clients come and go.
var clients = make(map[string]chan string)

func RegisterClient(name string, c chan string) { clients[name] = c }

func RemoveClient(name string) { delete(clients, name) }

func clientNames() []string {
	var names []string // want `names grows by append to len\(clients\) elements`
	for name := range clients {
		names = append(names, name)
	}
	return names
}

// Whatever is seen is remembered.
var seen = make(map[string]int)

func see(name string) { seen[name]++; seen[name] = 1 }

func seenNames() []string {
	var names []string // want `names grows by append to len\(seen\) elements`
	for name := range seen {
		names = append(names, name)
	}
	return names
}
