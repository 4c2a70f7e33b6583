// Command informer keeps the cache of client-go's informers on an API server, as controllers written in Go do, and
// creates objects with a typed client, which sends protobuf. It obeys lines on its standard input:
//
//	create NAMESPACE COUNT   creates so many pods, with a secret each
//	await COUNT              prints "done" when so many changes of pods have been seen
//	dump                     prints the cache: one line of JSON, resource versions by namespace/name
//
// With "json" as second argument its typed client asks for JSON.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Args[1])
	must(err)
	config.QPS = -1
	custom, err := dynamic.NewForConfig(config)
	must(err)
	if len(os.Args) < 3 || os.Args[2] != "json" {
		config.ContentType = "application/vnd.kubernetes.protobuf"
		config.AcceptContentTypes = "application/vnd.kubernetes.protobuf,application/json"
	}
	client, err := kubernetes.NewForConfig(config)
	must(err)

	ctx := context.Background()
	typed := informers.NewSharedInformerFactory(client, 0)
	pods := typed.Core().V1().Pods().Informer()
	secrets := typed.Core().V1().Secrets().Informer()
	untyped := dynamicinformer.NewDynamicSharedInformerFactory(custom, 0)
	kind := schema.GroupVersionResource{Group: "actions.github.com", Version: "v1alpha1", Resource: "ephemeralrunners"}
	runners := untyped.ForResource(kind).Informer()
	var changes atomic.Int64
	_, err = pods.AddEventHandler(cache.ResourceEventHandlerFuncs{UpdateFunc: func(any, any) { changes.Add(1) }})
	must(err)
	typed.Start(ctx.Done())
	untyped.Start(ctx.Done())
	typed.WaitForCacheSync(ctx.Done())
	untyped.WaitForCacheSync(ctx.Done())
	fmt.Println("synced")

	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var namespace string
		var count int
		if n, _ := fmt.Sscanf(lines.Text(), "create %s %d", &namespace, &count); n == 2 {
			for i := 0; i < count; i++ {
				create(ctx, client, namespace, fmt.Sprintf("from-go-%d", i))
			}
			fmt.Println("created")
			continue
		}
		if n, _ := fmt.Sscanf(lines.Text(), "await %d", &count); n == 1 {
			for changes.Load() < int64(count) {
				time.Sleep(time.Millisecond)
			}
			fmt.Println("done")
			continue
		}
		dump := map[string]map[string]string{"pods": {}, "secrets": {}, "ephemeralrunners": {}}
		for _, item := range pods.GetStore().List() {
			pod := item.(*core.Pod)
			dump["pods"][pod.Namespace+"/"+pod.Name] = pod.ResourceVersion
		}
		for _, item := range secrets.GetStore().List() {
			secret := item.(*core.Secret)
			dump["secrets"][secret.Namespace+"/"+secret.Name] = secret.ResourceVersion
		}
		for _, item := range runners.GetStore().List() {
			runner := item.(*unstructured.Unstructured)
			dump["ephemeralrunners"][runner.GetNamespace()+"/"+runner.GetName()] = runner.GetResourceVersion()
		}
		must(json.NewEncoder(os.Stdout).Encode(dump))
	}
}

func create(ctx context.Context, client *kubernetes.Clientset, namespace, name string) {
	yes := true
	grace := int64(0)
	pod := &core.Pod{
		ObjectMeta: meta.ObjectMeta{Name: name, Namespace: namespace, Labels: map[string]string{"made": "go"}},
		Spec: core.PodSpec{
			TerminationGracePeriodSeconds: &grace,
			EnableServiceLinks:            &yes,
			Containers:                    []core.Container{{Name: "main", Image: "image:1", Env: []core.EnvVar{{Name: "A", Value: "1"}}}},
			Volumes:                       []core.Volume{{Name: "work", VolumeSource: core.VolumeSource{EmptyDir: &core.EmptyDirVolumeSource{}}}},
		},
	}
	for {
		_, err := client.CoreV1().Pods(namespace).Create(ctx, pod, meta.CreateOptions{})
		if err == nil {
			break
		}
		fmt.Fprintln(os.Stderr, err)
		time.Sleep(10 * time.Millisecond)
	}
	secret := &core.Secret{
		ObjectMeta: meta.ObjectMeta{Name: name, Namespace: namespace},
		Data:       map[string][]byte{"token": []byte("value")},
	}
	_, err := client.CoreV1().Secrets(namespace).Create(ctx, secret, meta.CreateOptions{})
	must(err)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
