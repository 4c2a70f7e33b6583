// Command peers times client-go's work queue and controller-runtime's reconcile loop, beside which the benchmarks put
// ours. It prints one JSON object: nanoseconds an operation.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"sync/atomic"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"
)

const runs = 5

func main() {
	log.SetLogger(zap.New(zap.WriteTo(os.Stderr)))
	result := map[string]float64{
		"workqueue-add-get-done-ns": median(queue),
		"empty-reconcile-ns":        median(reconciles),
	}
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		panic(err)
	}
}

func median(measure func() float64) float64 {
	values := make([]float64, runs)
	for i := range values {
		values[i] = measure()
	}
	sort.Float64s(values)
	return values[runs/2]
}

func queue() float64 {
	const count = 1_000_000
	keys := make([]string, 1000)
	for i := range keys {
		keys[i] = fmt.Sprintf("arc/runner-%d", i)
	}
	q := workqueue.NewTyped[string]()
	start := time.Now()
	for i := 0; i < count; i++ {
		q.Add(keys[i%1000])
		key, _ := q.Get()
		q.Done(key)
	}
	return float64(time.Since(start).Nanoseconds()) / count
}

func reconciles() float64 {
	const count = 200_000
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	m, err := manager.New(&rest.Config{Host: "http://127.0.0.1:1"}, manager.Options{
		Metrics: server.Options{BindAddress: "0"},
		NewClient: func(*rest.Config, client.Options) (client.Client, error) { return nil, nil },
	})
	if err != nil {
		panic(err)
	}
	var left atomic.Int64
	left.Store(count)
	finished := make(chan struct{})
	skip := true
	c, err := controller.NewUnmanaged("peer", controller.Options{
		MaxConcurrentReconciles: 10,
		SkipNameValidation:      &skip,
		Logger:                  m.GetLogger(),
		Reconciler: reconcile.Func(func(context.Context, reconcile.Request) (reconcile.Result, error) {
			if left.Add(-1) == 0 {
				close(finished)
			}
			return reconcile.Result{}, nil
		}),
	})
	if err != nil {
		panic(err)
	}
	var start time.Time
	feed := source.Func(func(_ context.Context, q workqueue.TypedRateLimitingInterface[reconcile.Request]) error {
		start = time.Now()
		go func() {
			for i := 0; i < count; i++ {
				q.Add(reconcile.Request{NamespacedName: types.NamespacedName{Namespace: "arc", Name: fmt.Sprintf("runner-%d", i)}})
			}
		}()
		return nil
	})
	if err := c.Watch(feed); err != nil {
		panic(err)
	}
	go func() { _ = c.Start(ctx) }()
	<-finished
	return float64(time.Since(start).Nanoseconds()) / count
}
