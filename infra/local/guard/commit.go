package guard

import (
	"io"
	"net/http"
	"strings"
)

// committed makes answers to transactions wait until they are on disk. DynamoDB
// Local answers a moment before it commits, and loses the transaction if it is
// killed in that moment; the next request waits for the commit.
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
		next.Header = asked.Header.Clone() // signatures are not checked, but wanted
		next.Header.Set("X-Amz-Target", target+".ListTables")
		seen, err := transport.RoundTrip(next)
		if err != nil {
			return err // it has ended: nobody knows whether it committed, and clients try again
		}
		_, _ = io.Copy(io.Discard, seen.Body)
		return seen.Body.Close()
	}
}
