// Command watch-delay measures what controllers depend on and no answer shows: how long after the answer to a write its
// watch event comes. It writes EphemeralRunners as ARC's controllers do, sees them on eight watches, and then plays a
// controller that counts its cache and creates what is missing, without remembering what it has created.
//
//	watch-delay KUBECONFIG NAMESPACE RUNNERS SETS REPLICAS
//
// Prints one line of JSON: "creates" and "patches" are microseconds from a write's answer to its event on each watch
// (negative: the event came first), "answers" from the request of a creation to its answer, "made" is how many runners
// each set of REPLICAS got.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"
)

const watches = 8

// As many workers as ARC's controller of runners has by default.
const workers = 2

var (
	ctx     = context.Background()
	runners dynamic.ResourceInterface
)

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Args[1])
	must(err)
	config.QPS = -1
	client, err := dynamic.NewForConfig(config)
	must(err)
	kind := schema.GroupVersionResource{Group: "actions.github.com", Version: "v1alpha1", Resource: "ephemeralrunners"}
	runners = client.Resource(kind).Namespace(os.Args[2])
	count, sets, replicas := number(3), number(4), number(5)

	result := map[string][]int64{"made": {}}
	result["creates"], result["patches"], result["answers"] = delays(count)
	for set := 0; set < sets; set++ {
		result["made"] = append(result["made"], int64(makeSet(fmt.Sprintf("set-%d", set), replicas)))
	}
	must(json.NewEncoder(os.Stdout).Encode(result))
}

// An event is told apart by the name and the version that the answer to its write has, too.
type write struct{ name, version string }

type moments struct {
	sync.Mutex
	answers map[write]time.Time
	events  map[write][]time.Time
}

// delays creates runners one after the other, while workers patch the status of those that have been seen.
func delays(count int) (creates, patches, answers []int64) {
	seen := &moments{answers: map[write]time.Time{}, events: map[write][]time.Time{}}
	work := make(chan string, count)
	var finished sync.WaitGroup
	finished.Add(count)
	for w := 0; w < watches; w++ {
		finished.Add(1)
		events := watch("of=delays")
		go func() {
			defer finished.Done()
			for i := 0; i < 2*count; i++ {
				object := <-events
				seen.Lock()
				at := write{object.GetName(), object.GetResourceVersion()}
				seen.events[at] = append(seen.events[at], object.at)
				seen.Unlock()
				if _, isPatched := object.Object["status"]; w == 0 && !isPatched {
					work <- object.GetName()
				}
			}
		}()
	}
	for w := 0; w < workers; w++ {
		go func() {
			for name := range work {
				patched, err := runners.Patch(ctx, name, types.MergePatchType, []byte(`{"status":{"phase":"Pending"}}`), meta.PatchOptions{}, "status")
				seen.answered(patched, err)
				finished.Done()
			}
		}()
	}
	created := map[write]bool{}
	for i := 0; i < count; i++ {
		asked := time.Now()
		object, err := create("delays")
		at, answered := seen.answered(object, err)
		created[at] = true
		answers = append(answers, answered.Sub(asked).Microseconds())
	}
	finished.Wait()
	seen.Lock()
	defer seen.Unlock()
	for at, events := range seen.events {
		for _, event := range events {
			delay := event.Sub(seen.answers[at]).Microseconds()
			if created[at] {
				creates = append(creates, delay)
			} else {
				patches = append(patches, delay)
			}
		}
	}
	return creates, patches, answers
}

func (m *moments) answered(object *unstructured.Unstructured, err error) (write, time.Time) {
	now := time.Now()
	must(err)
	m.Lock()
	defer m.Unlock()
	at := write{object.GetName(), object.GetResourceVersion()}
	m.answers[at] = now
	return at, now
}

// makeSet returns how many runners there are when a controller with one worker has nothing left to do: each pass counts
// what the watch has shown and creates the rest, and each event that comes meanwhile starts one more pass.
func makeSet(name string, replicas int) int {
	events := watch("of=" + name)
	shown := 0
	made := 0
	for made < replicas || shown < made {
		for missing := replicas - shown; missing > 0; missing-- {
			_, err := create(name)
			must(err)
			made++
		}
		<-events
		shown++
		// Events that have come together are one key in a work queue.
		for isWaiting := true; isWaiting; {
			select {
			case <-events:
				shown++
			default:
				isWaiting = false
			}
		}
	}
	return made
}

type event struct {
	*unstructured.Unstructured
	at time.Time
}

// watch begins where a list ends, as informers do, and returns once the server has begun to answer.
func watch(selector string) <-chan event {
	list, err := runners.List(ctx, meta.ListOptions{LabelSelector: selector})
	must(err)
	stream, err := runners.Watch(ctx, meta.ListOptions{LabelSelector: selector, ResourceVersion: list.GetResourceVersion()})
	must(err)
	events := make(chan event, 10_000)
	go func() {
		for from := range stream.ResultChan() {
			now := time.Now()
			object, isObject := from.Object.(*unstructured.Unstructured)
			if !isObject {
				must(apierrors.FromObject(from.Object))
			}
			events <- event{object, now}
		}
	}()
	return events
}

func create(set string) (*unstructured.Unstructured, error) {
	spec := map[string]any{"containers": []any{map[string]any{"name": "runner", "image": "runner:1"}}}
	return runners.Create(ctx, &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "actions.github.com/v1alpha1",
		"kind":       "EphemeralRunner",
		"metadata":   map[string]any{"generateName": set + "-runner-", "labels": map[string]any{"of": set}},
		"spec": map[string]any{
			"githubConfigUrl":    "https://github.com/org/repo",
			"githubConfigSecret": "github",
			"runnerScaleSetId":   int64(1),
			"spec":               spec,
		},
	}}, meta.CreateOptions{})
}

func number(index int) int {
	value, err := strconv.Atoi(os.Args[index])
	must(err)
	return value
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
