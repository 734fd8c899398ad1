package guard

import (
	"io"
	"net/http"
	"strings"
)

// committed delays answers to transactions until the transaction is on disk. DynamoDB Local
// answers shortly before it commits, and loses the transaction if it is killed then. Its
// next request waits for the commit, so committed sends one.
func committed(upstream string, transport http.RoundTripper) func(*http.Response) error {
	return func(answer *http.Response) error {
		asked := answer.Request
		target, found := strings.CutSuffix(asked.Header.Get("X-Amz-Target"), ".TransactWriteItems")
		if !found || answer.StatusCode != http.StatusOK {
			return nil
		}
		next, err := http.NewRequestWithContext(asked.Context(), http.MethodPost, upstream, strings.NewReader(`{"Limit":1}`))
		if err != nil {
			return err
		}
		next.Host = asked.Host
		next.Header = asked.Header.Clone() // signatures are required, but not checked
		next.Header.Set("X-Amz-Target", target+".ListTables")
		seen, err := transport.RoundTrip(next)
		if err != nil {
			return err // the emulator has died: the result is unknown, and clients retry
		}
		_, _ = io.Copy(io.Discard, seen.Body)
		return seen.Body.Close()
	}
}
