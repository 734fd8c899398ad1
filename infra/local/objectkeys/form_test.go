package objectkeys_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// testForms uploads with forms (presigned POST).
func testForms(s store) {
	t := s.t
	for _, c := range []struct {
		key, form, file string // the key of the policy and that of the form
		prefix          string // the policy allows all keys with this prefix
		want            string // the key of the object, or "" if it is rejected
	}{
		{key: "plain", form: "plain", file: "f", want: "plain"},
		{key: "a//b", form: "a//b", file: "f", want: "a//b"},
		{key: "a//b", form: "a//c", file: "f"},
		{key: "x", form: "up/${filename}", prefix: "up/", file: "cat.jpg", want: "up/cat.jpg"},
		{key: "x", form: "up/${filename}", prefix: "up/", file: `C:\images\cat2.jpg`, want: "up/cat2.jpg"},
		{key: "x", form: "/${filename}", prefix: "/", file: "cat.jpg", want: "/cat.jpg"},
		{key: "x", form: "other/${filename}", prefix: "up/", file: "cat.jpg"},
		{key: "x", form: "other//${filename}", prefix: "up//", file: "cat.jpg"},
		{key: "x", form: "up/../${filename}", prefix: "up/", file: "..", want: "up/../.."},
	} {
		options := func(o *s3.PresignPostOptions) {}
		if c.prefix != "" {
			options = func(o *s3.PresignPostOptions) { o.Conditions = []any{[]any{"starts-with", "$key", c.prefix}} }
			c.key = c.prefix + "${filename}"
		}
		signed, err := s3.NewPresignClient(s.Client).PresignPostObject(t.Context(), &s3.PutObjectInput{Bucket: &s.bucket, Key: &c.key}, options)
		if err != nil {
			t.Fatal(err)
		}
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		signed.Values["key"] = c.form
		for name, value := range signed.Values {
			_ = form.WriteField(name, value)
		}
		file, _ := form.CreateFormFile("file", c.file)
		_, _ = file.Write(bytes.Repeat([]byte("content "), 20000))
		_ = form.Close()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, signed.URL, &body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", form.FormDataContentType())
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if (response.StatusCode < 300) != (c.want != "") {
			t.Errorf("%+v: %s", c, response.Status)
		}
		if c.want != "" {
			equal(t, fmt.Sprintf("%+v", c), len(s.get(c.want)), 160000)
		}
		if location := response.Header.Get("Location"); strings.Contains(location, ".local-cloud") {
			t.Errorf("%+v: the answer shows %s", c, location)
		}
	}
}
