package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	notify "github.com/fluxcd/notification-controller/api/v1"
	server "github.com/fluxcd/notification-controller/mooring"
)

type webhookPathInput struct {
	Token     string `json:"token"`
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
}

// webhookPath is the path of a Receiver.
func webhookPath(_ context.Context, input webhookPathInput) (string, error) {
	receiver := notify.Receiver{ObjectMeta: metav1.ObjectMeta{Name: input.Name, Namespace: input.Namespace}}
	return receiver.GetWebhookPath(input.Token), nil
}

type receiveInput struct {
	// A Receiver, its Secret and the objects it may ask to reconcile.
	Objects []json.RawMessage `json:"objects"`
	// The call: what follows the host, query and all.
	Path    string            `json:"path"`
	Method  string            `json:"method"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

type receiveOutput struct {
	// Of HTTP.
	Status int `json:"status"`
	// `kind/namespace/name` of what was asked to reconcile, sorted.
	Requested []string `json:"requested"`
}

// receive makes one call to the webhook server. The Receivers are ready: what their controller writes is written here.
func receive(ctx context.Context, input receiveInput) (*receiveOutput, error) {
	objects, err := objectsOf(input.Objects)
	if err != nil {
		return nil, err
	}
	for _, object := range objects {
		if receiver, ok := object.(*notify.Receiver); ok {
			if err := makeReady(receiver, objects); err != nil {
				return nil, err
			}
		}
	}
	cluster := clusterOf(objects...)
	call := httptest.NewRequestWithContext(ctx, input.Method, input.Path, strings.NewReader(input.Body))
	for name, value := range input.Headers {
		call.Header.Set(name, value)
	}
	answer := httptest.NewRecorder()
	server.Handler(cluster).ServeHTTP(answer, call)
	requested, err := annotated(ctx, cluster, objects)
	return &receiveOutput{Status: answer.Code, Requested: requested}, err
}

// makeReady does what notification-controller's receiver_controller.go does: the path is made of the Secret's token as it stands.
func makeReady(receiver *notify.Receiver, objects []client.Object) error {
	for _, object := range objects {
		secret, ok := object.(*corev1.Secret)
		if !ok || secret.Namespace != receiver.Namespace || secret.Name != receiver.Spec.SecretRef.Name {
			continue
		}
		token, ok := secret.Data["token"]
		if !ok {
			return fmt.Errorf("the Secret %s has no token", secret.Name)
		}
		receiver.Status.WebhookPath = receiver.GetWebhookPath(string(token))
		receiver.Status.Conditions = []metav1.Condition{{Type: "Ready", Status: metav1.ConditionTrue, Reason: "Succeeded"}}
		return nil
	}
	return fmt.Errorf("the Secret %s of the Receiver %s is not among the objects", receiver.Spec.SecretRef.Name, receiver.Name)
}

func annotated(ctx context.Context, cluster client.Client, objects []client.Object) ([]string, error) {
	requested := []string{}
	for _, object := range objects {
		kinds, _, err := scheme.ObjectKinds(object)
		if err != nil {
			return nil, err
		}
		if err := cluster.Get(ctx, client.ObjectKeyFromObject(object), object); err != nil {
			return nil, err
		}
		if _, ok := object.GetAnnotations()["reconcile.fluxcd.io/requestedAt"]; ok {
			requested = append(requested, fmt.Sprintf("%s/%s/%s", kinds[0].Kind, object.GetNamespace(), object.GetName()))
		}
	}
	slices.Sort(requested)
	return requested, nil
}
