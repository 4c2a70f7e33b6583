// Command lifecycle brings EphemeralRunners to pods with controller-runtime, sending the requests that ARC's controller
// sends for one runner in new mode: two finalizers in patches of their own, the GitHub secret, a JIT config, a status
// patch, the runner's secret looked for, made and read again, the pod made, and the secret once more when the pod is seen.
// It is the peer beside which the benchmark puts our controller; it does nothing else that ARC does.
//
//	lifecycle KUBECONFIG NAMESPACE WORKERS ACTIONS-URL
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

var (
	kind       = schema.GroupVersionKind{Group: "actions.github.com", Version: "v1alpha1", Kind: "EphemeralRunner"}
	finalizers = []string{"ephemeralrunner.actions.github.com/finalizer", "ephemeralrunner.actions.github.com/runner-registration-finalizer"}
)

type reconciler struct {
	client.Client
	direct  client.Reader
	service string
}

func main() {
	log.SetLogger(zap.New(zap.WriteTo(io.Discard)))
	config, err := clientcmd.BuildConfigFromFlags("", os.Args[1])
	must(err)
	config.QPS = -1
	workers, err := strconv.Atoi(os.Args[3])
	must(err)
	manager, err := ctrl.NewManager(config, ctrl.Options{
		Metrics: server.Options{BindAddress: "0"},
		Cache:   cache.Options{DefaultNamespaces: map[string]cache.Config{os.Args[2]: {}}},
	})
	must(err)
	r := &reconciler{manager.GetClient(), manager.GetAPIReader(), os.Args[4]}
	must(ctrl.NewControllerManagedBy(manager).Named("runner").For(runner()).Owns(&core.Pod{}).
		WithOptions(controller.Options{MaxConcurrentReconciles: workers}).Complete(r))
	must(manager.Start(ctrl.SetupSignalHandler()))
}

func runner() *unstructured.Unstructured {
	object := &unstructured.Unstructured{}
	object.SetGroupVersionKind(kind)
	return object
}

func (r *reconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	object := runner()
	if err := r.Get(ctx, request.NamespacedName, object); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	for _, finalizer := range finalizers {
		before := object.DeepCopy()
		if controllerutil.AddFinalizer(object, finalizer) {
			return ctrl.Result{}, r.Patch(ctx, object, client.MergeFrom(before))
		}
	}
	if id, found, _ := unstructured.NestedInt64(object.Object, "status", "runnerId"); !found || id == 0 {
		if err := r.register(ctx, object); err != nil {
			return ctrl.Result{}, err
		}
	}
	secret := &core.Secret{}
	if err := r.direct.Get(ctx, request.NamespacedName, secret); errors.IsNotFound(err) {
		jit, _, _ := unstructured.NestedString(object.Object, "status", "runnerJITConfig")
		secret = &core.Secret{ObjectMeta: ownedBy(object), Data: map[string][]byte{"jitToken": []byte(jit)}}
		if err := r.Create(ctx, secret); err != nil {
			return ctrl.Result{}, err
		}
		if err := r.direct.Get(ctx, request.NamespacedName, secret); err != nil {
			return ctrl.Result{}, err
		}
	} else if err != nil {
		return ctrl.Result{}, err
	}
	err := r.Get(ctx, request.NamespacedName, &core.Pod{})
	if errors.IsNotFound(err) {
		pod := &core.Pod{ObjectMeta: ownedBy(object), Spec: core.PodSpec{
			RestartPolicy: core.RestartPolicyNever,
			Containers:    []core.Container{{Name: "runner", Image: "runner:1"}},
		}}
		return ctrl.Result{}, client.IgnoreAlreadyExists(r.Create(ctx, pod))
	}
	return ctrl.Result{}, err
}

func (r *reconciler) register(ctx context.Context, object *unstructured.Unstructured) error {
	github := client.ObjectKey{Namespace: object.GetNamespace(), Name: "gh"}
	if err := r.direct.Get(ctx, github, &core.Secret{}); err != nil {
		return err
	}
	url := r.service + "/tenant/_apis/runtime/runnerscalesets/1/generatejitconfig?api-version=6.0-preview"
	body := fmt.Sprintf(`{"name":%q,"workFolder":""}`, object.GetName())
	response, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer struct {
		Runner           struct{ ID int64 }
		EncodedJITConfig string
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	before := object.DeepCopy()
	status := map[string]any{"runnerId": answer.Runner.ID, "runnerName": object.GetName(), "runnerJITConfig": answer.EncodedJITConfig}
	must(unstructured.SetNestedMap(object.Object, status, "status"))
	return r.Status().Patch(ctx, object, client.MergeFrom(before))
}

func ownedBy(object *unstructured.Unstructured) meta.ObjectMeta {
	return meta.ObjectMeta{
		Name:            object.GetName(),
		Namespace:       object.GetNamespace(),
		OwnerReferences: []meta.OwnerReference{*meta.NewControllerRef(object, kind)},
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
