using System.Diagnostics;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.CheckIns;

/// <summary>A check-in, from posture to verdict, in one turn.</summary>
public static class CheckInRules
{
    /// <summary>First what is overdue, each as of its own instant; then the posture; then what follows from it.</summary>
    public static Decision Accept(Device device, CheckIn checkIn, PolicyAssignment assignment, DateTimeOffset now)
    {
        if (device.Lifecycle == LifecycleState.Retired)
        {
            return Decision.Refuse(device, ProblemCatalog.DeviceRetired);
        }

        if (SessionEpoch.Compare(checkIn.Session, device.Session?.Epoch) == SessionStanding.Superseded)
        {
            return Decision.Refuse(device, ProblemCatalog.SessionSuperseded);
        }

        if (checkIn.Epoch < device.Epoch)
        {
            return Decision.Refuse(device, ProblemCatalog.CredentialRevoked);
        }

        var isDuplicate = device.Seen?.IsDuplicate(checkIn) == true;
        var posture = isDuplicate ? device.Posture! : checkIn.Posture.Over(device.Posture);
        if (ReferenceEquals(posture, device.Posture) && device.Compliance.Findings.IsEmpty && DeadlineRules.IsUpToDate(device, assignment, now))
        {
            return Decision.Unchanged(Hear(device, checkIn, isDuplicate, now));
        }

        var turn = new DeviceTurn(device, now);
        DeadlineRules.CatchUp(turn, assignment);
        turn.Device = Hear(turn.Device, checkIn, isDuplicate, now);
        if (!isDuplicate)
        {
            TakeOver(turn, posture, assignment.Policy);
            LifecycleRules.Activate(turn);
            ComplianceRules.Evaluate(turn, assignment, now);
        }

        AccessRules.Apply(turn, now, Actors.Device);
        PatchWindowRules.Adopt(turn, assignment.Policy?.PatchWindow);
        DeadlineRules.Rearm(turn);
        return turn.Decide();
    }

    /// <summary>What the twin answers, as it stands.</summary>
    public static Verdict Answer(Device device, PolicyAssignment assignment, DateTimeOffset now) => new()
    {
        Lifecycle = device.Lifecycle,
        Compliance = device.Compliance.Status,
        Access = device.Access.Level,
        Findings = device.Compliance.Findings,
        GraceEndsAt = device.Compliance.GraceEndsAt,
        Policy = device.Compliance.Policy,
        Commands = CommandRules.Offer(device, now),
        NextCheckInSeconds = NextCheckIn(assignment.Policy?.CheckInInterval, now),
        ServerTime = now,
    };

    private static Device Hear(Device device, CheckIn checkIn, bool isDuplicate, DateTimeOffset now)
    {
        if (isDuplicate)
        {
            Debug.Assert(device.Seen is not null, "a duplicate repeats something that was heard");
            return device with { Seen = device.Seen with { SeenAt = now } };
        }

        var seen = new LastSeen
        {
            SeenAt = now,
            CheckInAt = now,
            Boot = checkIn.Boot,
            Seq = checkIn.Seq,
            DeviceClock = checkIn.At ?? device.Seen?.DeviceClock,
        };
        return device with
        {
            Seen = seen,
            AppsReportedAt = checkIn.Posture.Apps.IsAbsent ? device.AppsReportedAt : now,
            AttributesReportedAt = checkIn.Posture.Attributes.IsAbsent ? device.AttributesReportedAt : now,
        };
    }

    private static void TakeOver(DeviceTurn turn, Posture posture, Policy? policy)
    {
        var before = turn.Device.Posture;
        if (ReferenceEquals(posture, before))
        {
            return;
        }

        turn.Store(turn.Device with { Posture = posture });
        if (PostureHistory.IsWorthAnEvent(before, posture, policy))
        {
            turn.Record(EventKinds.PostureChanged, turn.Now, Actors.Device, detail: PostureHistory.Detail(posture, policy));
        }

        if (turn.Device.ContradictingSerial is { } reported && reported != before?.Serial)
        {
            turn.Record(EventKinds.SerialContradicted, turn.Now, Actors.Device, from: turn.Device.ExpectedSerial, to: reported);
        }
    }

    // Up to a tenth sooner than the policy says, and differently each time, so that a fleet that reconnected at once drifts apart.
    private static int NextCheckIn(TimeSpan? interval, DateTimeOffset now)
    {
        var seconds = (int)(interval ?? Policy.DefaultCheckInInterval).TotalSeconds;
        var spread = (uint)Math.Max(1, seconds / 10);
        var mixed = unchecked((ulong)now.ToUnixTimeMilliseconds() * 0x9E37_79B9_7F4A_7C15); // Fibonacci hashing: neighbors land far apart
        return seconds - (int)((mixed >> 32) % spread);
    }
}
