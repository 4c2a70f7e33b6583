// Command load sends requests to an API server from several clients at once and prints how many it answered a second.
//
//	load SERVER CA-FILE NAMESPACE OPERATION COUNT CLIENTS     with the token in $TOKEN
//
// Operations: create, get, patch-status (of the pods that create made), list (of all pods), watch (so many events reach
// each of 100 watchers while pods are created).
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const watchers = 100

var (
	server    = os.Args[1]
	namespace = os.Args[3]
	token     = os.Getenv("TOKEN")
	client    *http.Client
	pods      string
)

func main() {
	ca, err := os.ReadFile(os.Args[2])
	must(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	operation := os.Args[4]
	count, err := strconv.Atoi(os.Args[5])
	must(err)
	clients, err := strconv.Atoi(os.Args[6])
	must(err)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, MaxIdleConnsPerHost: clients + watchers}
	// Both servers speak HTTP/2 or both do not: the embedded one speaks HTTP/1.1 only.
	transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	client = &http.Client{Transport: transport}
	pods = "/api/v1/namespaces/" + namespace + "/pods"

	prefix := strconv.FormatInt(time.Now().UnixNano(), 36)
	switch operation {
	case "create":
		measure(count, clients, func(i int) { create(fmt.Sprintf("%s-%d", prefix, i)) })
	case "get", "patch-status":
		create(prefix)
		measure(count, clients, func(i int) {
			if operation == "get" {
				send("GET", pods+"/"+prefix, "", "")
				return
			}
			body := fmt.Sprintf(`{"status":{"message":"%d"}}`, i)
			send("PATCH", pods+"/"+prefix+"/status", "application/merge-patch+json", body)
		})
	case "list":
		measure(count, clients, func(int) { send("GET", pods, "", "") })
	case "watch":
		watch(count, clients, prefix)
	}
}

func measure(count, clients int, act func(int)) {
	start := time.Now()
	inParallel(count, clients, act)
	fmt.Printf("%f\n", float64(count)/time.Since(start).Seconds())
}

func inParallel(count, clients int, act func(int)) {
	var next atomic.Int64
	var done sync.WaitGroup
	for c := 0; c < clients; c++ {
		done.Add(1)
		go func() {
			defer done.Done()
			for i := int(next.Add(1)) - 1; i < count; i = int(next.Add(1)) - 1 {
				act(i)
			}
		}()
	}
	done.Wait()
}

func watch(count, clients int, prefix string) {
	var ready, done sync.WaitGroup
	for w := 0; w < watchers; w++ {
		ready.Add(1)
		done.Add(1)
		go func() {
			defer done.Done()
			response := open("GET", pods+"?watch=true&resourceVersion=0&labelSelector=batch%3D"+prefix, "", "")
			defer response.Body.Close()
			ready.Done()
			lines := bufio.NewReaderSize(response.Body, 1<<16)
			for seen := 0; seen < count; {
				_, isPrefix, err := lines.ReadLine()
				must(err)
				if !isPrefix {
					seen++
				}
			}
		}()
	}
	ready.Wait()
	start := time.Now()
	label = prefix
	inParallel(count, clients, func(i int) { create(fmt.Sprintf("%s-%d", prefix, i)) })
	done.Wait()
	fmt.Printf("%f\n", float64(count*watchers)/time.Since(start).Seconds())
}

var label = "none"

func create(name string) {
	send("POST", pods, "application/json", `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"`+name+`","labels":{"batch":"`+label+
		`"}},"spec":{"restartPolicy":"Never","containers":[{"name":"runner","image":"runner:1","env":[{"name":"A","value":"1"}]}]}}`)
}

func send(method, path, contentType, body string) {
	response := open(method, path, contentType, body)
	_, err := io.Copy(io.Discard, response.Body)
	must(err)
	response.Body.Close()
}

func open(method, path, contentType, body string) *http.Response {
	request, err := http.NewRequest(method, server+path, bytes.NewBufferString(body))
	must(err)
	request.Header.Set("Authorization", "Bearer "+token)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := client.Do(request)
	must(err)
	if response.StatusCode >= 300 {
		text, _ := io.ReadAll(response.Body)
		must(fmt.Errorf("%s %s: %d %s", method, path, response.StatusCode, text))
	}
	return response
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
