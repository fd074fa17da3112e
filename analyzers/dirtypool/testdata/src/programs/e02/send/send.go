package send

import "programs/e02/codec"

func Send(kind byte, p []byte, trace string, w func([]byte)) {
	f, done := codec.Borrow(kind)
	defer done() // want `\*codec\.Frame goes back to frames with field Trace still set, which its next user reads`
	f.Payload = append(f.Payload, p...)
	if trace != "" {
		f.Trace = trace
	}
	w(f.Encode(nil))
}
