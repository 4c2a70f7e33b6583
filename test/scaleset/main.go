// A scale set as the real client and listener of actions/scaleset see it: makes one, listens, registers a runner for each
// job that is asked for, and deletes it after as many jobs as it is told. Each thing that happens is a line of JSON.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/actions/scaleset"
	"github.com/actions/scaleset/listener"
)

func main() {
	if err := run(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func say(event string, fields map[string]any) {
	line := map[string]any{"event": event}
	for key, value := range fields {
		line[key] = value
	}
	json.NewEncoder(os.Stdout).Encode(line)
}

var errDone = errors.New("done")

// scaler registers runners up to the count that is asked for.
type scaler struct {
	client     *scaleset.Client
	scaleSetID int
	registered int
	completed  int
	wanted     int
}

func (s *scaler) HandleJobStarted(_ context.Context, job *scaleset.JobStarted) error {
	say("started", map[string]any{"request": job.RunnerRequestID, "runner": job.RunnerName, "job": job.JobDisplayName,
		"repository": job.OwnerName + "/" + job.RepositoryName, "assigned": !job.RunnerAssignTime.IsZero()})
	return nil
}

func (s *scaler) HandleJobCompleted(_ context.Context, job *scaleset.JobCompleted) error {
	s.completed++
	say("completed", map[string]any{"request": job.RunnerRequestID, "result": job.Result, "finished": !job.FinishTime.IsZero()})
	return nil
}

func (s *scaler) HandleDesiredRunnerCount(ctx context.Context, count int) (int, error) {
	say("desired", map[string]any{"count": count})
	if s.completed >= s.wanted {
		return 0, errDone
	}
	for s.registered < count {
		s.registered++
		name := fmt.Sprintf("runner-%d", s.registered)
		config, err := s.client.GenerateJitRunnerConfig(ctx, &scaleset.RunnerScaleSetJitRunnerSetting{Name: name}, s.scaleSetID)
		if err != nil {
			return 0, err
		}
		say("registered", map[string]any{"name": config.Runner.Name, "id": config.Runner.ID, "scaleSet": config.Runner.RunnerScaleSetID})
	}
	return count, nil
}

func run(ctx context.Context, configURL, jobs string) error {
	wanted, err := strconv.Atoi(jobs)
	if err != nil {
		return err
	}
	client, err := scaleset.NewClientWithPersonalAccessToken(scaleset.NewClientWithPersonalAccessTokenConfig{
		GitHubConfigURL:     configURL,
		PersonalAccessToken: "pat",
		SystemInfo:          scaleset.SystemInfo{System: "lab", Subsystem: "test"},
	})
	if err != nil {
		return err
	}
	group, err := client.GetRunnerGroupByName(ctx, scaleset.DefaultRunnerGroup)
	if err != nil {
		return err
	}
	say("group", map[string]any{"id": group.ID, "isDefault": group.IsDefault})
	before, err := client.GetRunnerScaleSet(ctx, group.ID, "real")
	if err != nil {
		return err
	}
	made, err := client.CreateRunnerScaleSet(ctx, &scaleset.RunnerScaleSet{Name: "real", RunnerGroupID: group.ID,
		RunnerSetting: scaleset.RunnerSetting{DisableUpdate: true}})
	if err != nil {
		return err
	}
	say("made", map[string]any{"wasThere": before != nil, "name": made.Name, "group": made.RunnerGroupName, "labels": made.Labels})
	_, err = client.CreateRunnerScaleSet(ctx, &scaleset.RunnerScaleSet{Name: "real", RunnerGroupID: group.ID})
	say("again", map[string]any{"refused": err != nil})
	changed, err := client.UpdateRunnerScaleSet(ctx, made.ID, &scaleset.RunnerScaleSet{Name: "renamed"})
	if err != nil {
		return err
	}
	found, err := client.GetRunnerScaleSetByID(ctx, made.ID)
	if err != nil {
		return err
	}
	say("changed", map[string]any{"name": changed.Name, "found": found.Name, "group": found.RunnerGroupName})

	session, err := client.MessageSessionClient(ctx, made.ID, "listener-of-the-test")
	if err != nil {
		return err
	}
	list, err := listener.New(session, listener.Config{ScaleSetID: made.ID, MaxRunners: 10})
	if err != nil {
		return err
	}
	err = list.Run(ctx, &scaler{client: client, scaleSetID: made.ID, wanted: wanted})
	if !errors.Is(err, errDone) {
		return err
	}
	if err := session.Close(ctx); err != nil {
		return err
	}
	if err := client.RemoveRunner(ctx, 4711); err != nil {
		return err
	}
	if err := client.DeleteRunnerScaleSet(ctx, made.ID); err != nil {
		return err
	}
	gone, err := client.GetRunnerScaleSet(ctx, group.ID, "renamed")
	if err != nil {
		return err
	}
	say("deleted", map[string]any{"isThere": gone != nil})
	return nil
}
