package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// busyTimeout limits the retries of a request while the API is busy (503). On a slow machine
// it is busy until most of the clicks sent earlier are counted.
const busyTimeout = 2 * time.Minute

// api is a client with the requests that this command needs.
type api struct {
	site  string // without a trailing slash
	token string
	busy  time.Duration // busyTimeout, except in tests
}

// newLink is the body of a request to create a link.
type newLink struct {
	Code  string   `json:"code"`
	URL   string   `json:"url"`
	Title string   `json:"title"`
	Tags  []string `json:"tags"`
}

// shorten creates a link unless its code exists. It returns the link's ID, "" if it is another
// owner's, and whether it was created.
func (a *api) shorten(ctx context.Context, l newLink) (id string, created bool, err error) {
	var link struct {
		ID string `json:"id"`
	}
	status, err := a.call(ctx, http.MethodPost, "/api/links", l, &link, http.StatusCreated, http.StatusConflict)
	if err != nil || status == http.StatusCreated {
		return link.ID, err == nil, err
	}
	_, err = a.call(ctx, http.MethodGet, "/api/links/"+l.Code, nil, &link, http.StatusOK, http.StatusNotFound)
	return link.ID, false, err
}

// images returns the descriptions of all images.
func (a *api) imgs(ctx context.Context) (map[string]bool, error) {
	found := map[string]bool{}
	for cursor := ""; ; {
		var page struct {
			Items []struct {
				Alt string `json:"alt"`
			} `json:"items"`
			Next string `json:"next"`
		}
		if _, err := a.call(ctx, http.MethodGet, "/api/images?limit=100&cursor="+url.QueryEscape(cursor), nil, &page, http.StatusOK); err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			found[item.Alt] = true
		}
		if cursor = page.Next; cursor == "" {
			return found, nil
		}
	}
}

// upload creates an image, uploads its JPEG to the signed address, and returns its ID.
func (a *api) upload(ctx context.Context, name, alt string, file []byte) (id string, err error) {
	digest := sha256.Sum256(file)
	announced := map[string]any{
		"filename": name, "contentType": "image/jpeg", "bytes": len(file), "sha256": hex.EncodeToString(digest[:]), "alt": alt,
	}
	var image struct {
		ID     string `json:"id"`
		Upload struct {
			Method  string            `json:"method"`
			URL     string            `json:"url"`
			Headers map[string]string `json:"headers"`
		} `json:"upload"`
	}
	if _, err := a.call(ctx, http.MethodPost, "/api/images", announced, &image, http.StatusCreated); err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, image.Upload.Method, image.Upload.URL, bytes.NewReader(file))
	if err != nil {
		return "", err
	}
	for header, value := range image.Upload.Headers {
		request.Header.Set(header, value)
	}
	_, err = a.do(request, nil, http.StatusOK)
	return image.ID, err
}

// status returns the status of an image: pending, processing, ready or failed.
func (a *api) status(ctx context.Context, id string) (string, error) {
	var image struct {
		Status string `json:"status"`
	}
	_, err := a.call(ctx, http.MethodGet, "/api/images/"+id, nil, &image, http.StatusOK)
	return image.Status, err
}

// call sends a JSON body, if any, and decodes the body of a successful answer. An
// unexpected status is an error.
func (a *api) call(ctx context.Context, method, path string, body, answer any, expected ...int) (status int, err error) {
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return 0, err
		}
		content = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, a.site+path, content)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+a.token)
	request.Header.Set("Content-Type", "application/json")
	return a.do(request, answer, expected...)
}

func (a *api) do(request *http.Request, answer any, expected ...int) (status int, err error) {
	deadline := time.Now().Add(a.busy)
	response, text, err := once(request)
	for err == nil && response.StatusCode == http.StatusServiceUnavailable && time.Now().Before(deadline) {
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
		select {
		case <-request.Context().Done():
			return 0, request.Context().Err()
		case <-time.After(max(time.Duration(seconds)*time.Second, 100*time.Millisecond)):
		}
		response, text, err = once(request)
	}
	if err != nil {
		return 0, err
	}
	for _, status := range expected {
		if response.StatusCode != status {
			continue
		}
		if answer != nil && status < http.StatusMultipleChoices {
			err = json.Unmarshal(text, answer)
		}
		return status, err
	}
	return 0, fmt.Errorf("%s %s: %s: %s", request.Method, request.URL.Path, response.Status, text)
}

func once(request *http.Request) (response *http.Response, text []byte, err error) {
	if request.GetBody != nil {
		if request.Body, err = request.GetBody(); err != nil {
			return nil, nil, err
		}
	}
	if response, err = http.DefaultClient.Do(request); err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	text, err = io.ReadAll(response.Body)
	return response, text, err
}
